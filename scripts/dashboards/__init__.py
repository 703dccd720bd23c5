"""The dashboards over the published marts, as code, and Apache Superset to show them."""
