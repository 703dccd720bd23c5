-- What a published version needs: every number, signal, component's points and pack that models ask for, and per
-- dimension one rule without a condition, tried last.
with versions as (
    select rule_version from {{ ref('rule_versions') }} where status_code = 'published'
),

wanted as (
    {%- for code in [
        'silence_gap_multiple', 'need_observed_share', 'stability_insured_limit', 'stability_tenure_months',
        'stability_primacy_score', 'runoff_rate_stable', 'runoff_rate_less_stable',
    ] %}
    select 'segment_thresholds' as seed, '{{ code }}' as code
    union all
    {%- endfor %}
    {%- for code in activity_signal_codes() %}
    select 'activity_signals' as seed, '{{ code }}' as code
    union all
    {%- endfor %}
    {%- for need in need_codes() %}
    select 'need_components' as seed, '{{ need }}' as code
    union all
    {%- endfor %}
    {%- for dimension in ['activity', 'need'] %}
    select 'default of segment_rules' as seed, '{{ dimension }}' as code
    union all
    {%- endfor %}
    select 'dormancy_packs' as seed, '{{ var("dormancy_pack") }}' as code
    union all
    select 'tags' as seed, 'any' as code
),

defaults as (
    select rules.rule_version, rules.dimension, rules.priority
    from {{ ref('segment_rules') }} as rules
    left join {{ ref('segment_rule_conditions') }} as conditions
        on
            rules.rule_version = conditions.rule_version
            and rules.dimension = conditions.dimension
            and rules.rule_code = conditions.rule_code
    where conditions.rule_code is null
),

last_rules as (
    select rule_version, dimension, max(priority) as priority
    from {{ ref('segment_rules') }}
    group by rule_version, dimension
),

single_defaults as (
    select
        defaults.rule_version,
        defaults.dimension
    from defaults
    inner join last_rules
        on defaults.rule_version = last_rules.rule_version and defaults.dimension = last_rules.dimension
    group by defaults.rule_version, defaults.dimension
    having count(*) = 1 and max(defaults.priority) = max(last_rules.priority)
),

found as (
    select 'segment_thresholds' as seed, rule_version, threshold_code as code from {{ ref('segment_thresholds') }}
    union all
    select 'activity_signals' as seed, rule_version, signal_code as code from {{ ref('activity_signals') }}
    union all
    select distinct 'need_components' as seed, rule_version, need_code as code from {{ ref('need_components') }}
    union all
    select 'default of segment_rules' as seed, rule_version, dimension as code from single_defaults
    union all
    select 'dormancy_packs' as seed, rule_version, pack_code as code from {{ ref('dormancy_packs') }}
    union all
    select distinct 'tags' as seed, rule_version, 'any' as code from {{ ref('tags') }}
)

select versions.rule_version, wanted.seed, wanted.code
from versions
cross join wanted
left join found
    on versions.rule_version = found.rule_version and wanted.seed = found.seed and wanted.code = found.code
where found.code is null
