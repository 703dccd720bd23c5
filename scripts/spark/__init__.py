"""Apache Spark: a small cluster on this machine, and the connection to a Thrift server."""
