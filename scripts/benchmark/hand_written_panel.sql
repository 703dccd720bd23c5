-- The first script of the benchmark: transactions to the panel, balances, activity and value tiers, written by hand for
-- DuckDB and for one full build. Typed Parquet isn't parsed as text, transactions are read twice (once for the numbers that occur twice, once for
-- everything else), nothing is kept for a refresh, nothing is tested.
--
-- Handed over as the models made them, and not measured on either side: the small tables of staging. Judging, reversals and
-- everything after them is done here. A line `result` names a table that is compared with the model of the same name.
--
-- input: account_numbers
-- input: stg_core__account_holders
-- input: stg_market__fx_rates
-- input: stg_wealth__positions
-- input: stg_core__customers
-- input: stg_lending__loan_positions
-- input: stg_lending__loans
-- input: stg_crm__judgements
-- result: account_months
-- result: customer_months
-- result: int_last_activities
-- result: feat_customers__balances
-- result: feat_customers__activity
-- result: customer_value_tiers

create schema result;

create macro blanks() as ' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(12288);
create macro text(x) as nullif(trim(x, blanks()), '');
create macro month_of(d) as cast(year(d) * 12 + month(d) - 1 as integer);

-- A whole number of 1e-16 units over a divisor, in cents: the double finds the quotient, whole numbers prove it.
create macro cents_near(u, d) as cast(cast(abs(u) as double) / (cast(d as double) * 1e14) as bigint);
create macro cents_proved(u, n, d) as
    cast(sign(u) as bigint) * (
        n
        + case
            when 2 * (abs(u) - n * (d * 100000000000000::hugeint)) >= d * 100000000000000::hugeint then 1
            when 2 * (abs(u) - n * (d * 100000000000000::hugeint)) < -(d * 100000000000000::hugeint) then -1
            else 0
        end
    );
create macro money(c) as cast(cast(c as decimal(18, 0)) * 0.01::decimal(2, 2) as decimal(18, 2));
create macro rounded(u, d) as money(cents_proved(u, cents_near(u, d), d));

-- ==== transactions: what a row counts as, by what is written in it ====

create temp table kinds as
with directions as (select unnest(['credit', 'debit']) as direction)
select
    codes.transaction_code,
    directions.direction,
    directions.direction = 'credit' as is_credit,
    codes.initiator = 'customer' as is_by_customer,
    codes.flow_kind = 'external' and directions.direction = 'credit' as is_external_credit,
    codes.flow_kind = 'external' and directions.direction = 'credit' and codes.initiator <> 'system' as is_deposit,
    codes.flow_kind = 'investment' as is_investment,
    coalesce(codes.usage_code, '') as usage_code
from work.seeds.transaction_codes as codes
cross join directions;

create temp table channels as
select channel_codes.channel_code, channel_codes.channel_group, cast(costs.unit_cost_amount * 100 as integer) as cost_cents
from work.seeds.channel_codes as channel_codes
left join work.seeds.channel_unit_costs as costs on channel_codes.channel_group = costs.channel_group;

create temp table accounts as
select
    account_id, account_sk, opened_date, closed_date, currency_code, products.product_kind,
    cast(round(coalesce(opening_balance, 0) * 100) as bigint) as opening_cents
from quarantine.quarantine.account_numbers as numbers
inner join work.seeds.product_codes as products on numbers.product_code = products.product_code;

create temp view transactions as
select * from read_parquet(getvariable('landing') || '/core/transactions/*.parquet');

-- Numbers that occur more than once, and those that a reversal names: only these rows have to be looked at together.
create temp table suspects as
select hash(text(transaction_id)) as id_hash
from transactions
group by id_hash
having count(*) > 1
union
select hash(text(reverses_transaction_id))
from transactions
where reverses_transaction_id is not null;

-- Every row, typed, with its account.
create macro typed(source) as table
select
    text(landed.transaction_id) as transaction_id,
    text(landed.reverses_transaction_id) as reverses_transaction_id,
    accounts.account_sk,
    landed.booked_at,
    landed.loaded_at,
    cast(landed.amount * 100 as bigint) as cents,
    cast(landed.balance_after * 100 as bigint) as balance_cents,
    lower(text(landed.direction)) as direction,
    lower(text(landed.transaction_code)) as transaction_code,
    lower(text(landed.channel_code)) as channel_code,
    text(landed.counterparty_id) as counterparty_id,
    text(landed.counterparty_bank_code) as bank_code,
    cast(landed.booked_at as date) < accounts.opened_date
    or coalesce(cast(landed.booked_at as date) > accounts.closed_date, false)
    or accounts.account_sk is null as is_astray,
    coalesce(
        landed.amount > 0
        and landed.booked_at is not null
        and text(landed.transaction_id) is not null
        and text(landed.account_id) is not null
        and coalesce(landed.booked_at <= landed.loaded_at, true)
        and lower(text(landed.direction)) in ('credit', 'debit')
        and kinds.transaction_code is not null,
        false
    ) as is_valid
from query_table(source) as landed
left join accounts on text(landed.account_id) = accounts.account_id
left join work.seeds.transaction_codes as kinds on lower(text(landed.transaction_code)) = kinds.transaction_code;

-- the few rows of these numbers, before anything is made of them
create temp table suspect_rows as
select *
from transactions
where reverses_transaction_id is not null or hash(text(transaction_id)) in (select id_hash from suspects);

create temp table compared as
select * from typed('suspect_rows');

-- Of a number's versions the newest stands, once; a version with two contents is nobody's.
create temp table standing as
with versions as (
    select
        *,
        min(content) over one_version = max(content) over one_version as is_one,
        row_number() over (partition by transaction_id, stamp) as place
    from (
        select
            *,
            coalesce(loaded_at, timestamp '0001-01-01') as stamp,
            hash(
                account_sk, booked_at, cents, direction, transaction_code, channel_code, counterparty_id, bank_code,
                balance_cents, reverses_transaction_id, loaded_at
            ) as content
        from compared
        where is_valid
    )
    window one_version as (partition by transaction_id, stamp)
)
select * exclude (content, is_one, place)
from versions
where is_one and place = 1
qualify stamp = max(stamp) over (partition by transaction_id);

-- A reversal must fit what it names, if that has been landed at all.
create temp table reversals as
with named as (
    select transaction_id from compared where transaction_id is not null group by transaction_id
)

select
    reversal.transaction_id as reversal_id,
    original.transaction_id as original_id,
    reversal.booked_at,
    reversal.cents = original.cents as is_whole,
    original.transaction_id is null
    or original.is_astray
    or original.account_sk <> reversal.account_sk
    or original.direction = reversal.direction
    or original.cents < reversal.cents
    or original.booked_at > reversal.booked_at
    or original.transaction_id = reversal.transaction_id
    or original.reverses_transaction_id is not null as is_bad
from standing as reversal
inner join named on reversal.reverses_transaction_id = named.transaction_id
left join standing as original on reversal.reverses_transaction_id = original.transaction_id
where not reversal.is_astray;

-- What a row of these counts as: a reversal in a later month against its original, a pair inside one month for nothing.
create temp table judged as
with good as (
    select standing.*
    from standing
    where
        not is_astray
        and not exists (
            select 1 from reversals where reversals.is_bad and reversals.reversal_id = standing.transaction_id
        )
),

cancelling as (
    select
        reversals.reversal_id,
        reversals.original_id,
        month_of(original.booked_at) = month_of(reversals.booked_at) as is_same_month,
        original.direction,
        original.transaction_code,
        original.channel_code,
        original.bank_code
    from reversals
    inner join good as original on reversals.original_id = original.transaction_id
    where reversals.is_whole and not reversals.is_bad
    qualify
        row_number() over (partition by reversals.original_id order by reversals.booked_at, reversals.reversal_id) = 1
)

select
    good.account_sk,
    good.booked_at,
    good.cents,
    good.balance_cents,
    good.direction = 'credit' as is_in,
    case
        when cancelled.is_same_month or cancelling.is_same_month then 0
        when cancelling.reversal_id is not null then -1
        else 1
    end as sign,
    coalesce(cancelling.direction, good.direction) as direction,
    coalesce(cancelling.transaction_code, good.transaction_code) as transaction_code,
    case when cancelling.reversal_id is null then good.channel_code else cancelling.channel_code end as channel_code,
    case when cancelling.reversal_id is null then good.bank_code else cancelling.bank_code end as bank_code,
    good.reverses_transaction_id is not null and cancelling.reversal_id is null as is_by_system
from good
left join cancelling as cancelled on good.transaction_id = cancelled.original_id
left join cancelling on good.transaction_id = cancelling.reversal_id;

-- ==== the one pass: account × month ====

create temp table flows as
with effective as (
    select
        account_sk, booked_at, cents, balance_cents, direction = 'credit' as is_in, 1 as sign, direction,
        transaction_code, channel_code, bank_code, false as is_by_system
    from typed('transactions')
    where
        is_valid
        and not is_astray
        and reverses_transaction_id is null
        and hash(transaction_id) not in (select id_hash from suspects)
    union all
    select * from judged
),

classified as (
    select
        effective.account_sk,
        month_of(effective.booked_at) as month_number,
        day(effective.booked_at) as day_number,
        cast(effective.booked_at as date) as booked_date,
        effective.cents,
        effective.balance_cents,
        case when effective.is_in then effective.cents else -effective.cents end as signed_cents,
        effective.sign,
        effective.cents * effective.sign as effective_cents,
        kinds.is_credit,
        kinds.is_by_customer and not effective.is_by_system as is_by_customer,
        kinds.is_deposit and not effective.is_by_system as is_deposit,
        kinds.is_investment,
        kinds.usage_code,
        channels.channel_group,
        coalesce(channels.cost_cents, 0) as cost_cents,
        not kinds.is_credit and upper(effective.bank_code) <> 'OWN' as is_to_other_bank
    from effective
    inner join kinds on effective.transaction_code = kinds.transaction_code and effective.direction = kinds.direction
    left join channels on effective.channel_code = channels.channel_code
)

select
    account_sk,
    month_number,
    max(booked_date) as last_booked_date,
    sum(signed_cents) as net_cents,
    sum(signed_cents * day_number) as day_cents,
    case when count(balance_cents) > 0 then min(balance_cents) end as least_balance_cents,
    sum(case when is_credit then effective_cents else 0 end) as inflow_cents,
    sum(case when is_credit then 0 else effective_cents end) as outflow_cents,
    max(case when not is_credit and sign = 1 then cents else 0 end) as largest_outflow_cents,
    sum(case when is_to_other_bank then effective_cents else 0 end) as other_bank_cents,
    sum(case when is_deposit then effective_cents else 0 end) as deposit_cents,
    max(case when is_deposit and sign = 1 then cents else 0 end) as largest_deposit_cents,
    sum(case when is_investment and sign <> 0 then signed_cents else 0 end) as investment_cents,
    sum(case when usage_code <> 'fee' then 0 when is_credit then -effective_cents else effective_cents end) as fee_cents,
    cast(sum(sign * cost_cents) as bigint) as cost_cents,
    cast(sum(case when is_by_customer then sign else 0 end) as integer) as customer_count,
    cast(sum(case when is_by_customer and channel_group = 'counter' then sign else 0 end) as integer) as counter_count,
    cast(sum(case when is_by_customer and channel_group = 'self_service' then sign else 0 end) as integer) as self_service_count,
    cast(sum(case when is_by_customer and channel_group = 'online' then sign else 0 end) as integer) as online_count,
    cast(sum(case when is_by_customer and channel_group = 'mobile' then sign else 0 end) as integer) as mobile_count,
    cast(sum(case when is_deposit then sign else 0 end) as integer) as deposit_count,
    cast(sum(case when is_deposit and channel_group = 'counter' then sign else 0 end) as integer) as deposit_counter_count,
    cast(sum(case when is_deposit and channel_group = 'self_service' then sign else 0 end) as integer)
        as deposit_self_service_count,
    cast(sum(case when is_deposit and channel_group = 'online' then sign else 0 end) as integer) as deposit_online_count,
    cast(sum(case when is_deposit and channel_group = 'mobile' then sign else 0 end) as integer) as deposit_mobile_count,
    cast(sum(case when usage_code = 'standing_payment' then sign else 0 end) as integer) as standing_payment_count,
    cast(sum(case when usage_code = 'loan_instalment' then sign else 0 end) as integer) as loan_instalment_count,
    cast(sum(case when usage_code = 'card_payment' then sign else 0 end) as integer) as card_payment_count,
    cast(sum(case when usage_code = 'penalty_interest' then sign else 0 end) as integer) as penalty_interest_count,
    bool_or(is_deposit and sign = 1) as has_deposit,
    bit_or(case when is_by_customer and sign = 1 then 1 << (day_number - 1) else 0 end) as active_day_set
from classified
group by account_sk, month_number;

create temp table months as
with bounds as (
    select
        min(month_number) as first_number,
        month_of(max(last_booked_date) + 4) - 1 as last_number
    from flows
)
select
    month_number,
    make_date(month_number // 12, month_number % 12 + 1, 1) as first_date,
    last_day(make_date(month_number // 12, month_number % 12 + 1, 1)) as as_of_date,
    day(last_day(make_date(month_number // 12, month_number % 12 + 1, 1))) as days_in_month,
    month_number - first_number + 1 as ledger_month_count
from (select unnest(range(first_number, last_number + 1)) as month_number, first_number from bounds);

create table result.account_months as
with opened as (
    select
        accounts.*,
        greatest(accounts.opened_date, starts.first_date) as start_date
    from accounts
    cross join (select min(first_date) as first_date from months) as starts
),

spine as (
    select
        opened.account_sk,
        months.*,
        opened.currency_code,
        opened.product_kind,
        coalesce(opened.closed_date > months.as_of_date, true) as is_open_at_month_end,
        case when opened.start_date >= months.first_date then opened.opening_cents else 0 end as opening_cents,
        months.days_in_month - day(opened.start_date) + 1 as opening_days
    from opened
    inner join months
        on opened.start_date <= months.as_of_date and coalesce(opened.closed_date, date '9999-12-31') >= months.first_date
),

balanced as (
    select
        spine.*,
        flows.* exclude (account_sk, month_number),
        coalesce(flows.net_cents, 0) as flow_cents,
        sum(spine.opening_cents + coalesce(flows.net_cents, 0)) over (
            partition by spine.account_sk order by spine.month_number
        ) as end_cents
    from spine
    left join flows on spine.account_sk = flows.account_sk and spine.month_number = flows.month_number
)

select
    account_sk,
    as_of_date,
    currency_code,
    product_kind,
    is_open_at_month_end,
    money(end_cents) as month_end_balance,
    money(case
        when last_booked_date is null then end_cents - flow_cents
        when least_balance_cents is not null then least(end_cents - flow_cents, least_balance_cents)
    end) as month_min_balance,
    money(flow_cents) as net_flow_amount,
    cast(
        (
            (end_cents - flow_cents - opening_cents) * days_in_month
            + opening_cents * opening_days
            + coalesce((days_in_month + 1) * net_cents - day_cents, 0)
        )::decimal(28, 0) * 0.01::decimal(2, 2)
        as decimal(28, 2)
    ) as balance_days,
    money(coalesce(inflow_cents, 0)) as inflow_amount,
    money(coalesce(outflow_cents, 0)) as outflow_amount,
    money(coalesce(largest_outflow_cents, 0)) as largest_outflow_amount,
    money(coalesce(other_bank_cents, 0)) as other_bank_outflow_amount,
    money(coalesce(deposit_cents, 0)) as deposit_amount,
    money(coalesce(largest_deposit_cents, 0)) as largest_deposit_amount,
    money(coalesce(investment_cents, 0)) as investment_flow_amount,
    money(coalesce(fee_cents, 0)) as fee_amount,
    money(coalesce(cost_cents, 0)) as servicing_cost_amount,
    coalesce(customer_count, 0) as customer_count,
    coalesce(counter_count, 0) as counter_count,
    coalesce(self_service_count, 0) as self_service_count,
    coalesce(online_count, 0) as online_count,
    coalesce(mobile_count, 0) as mobile_count,
    coalesce(deposit_count, 0) as deposit_count,
    coalesce(deposit_counter_count, 0) as deposit_counter_count,
    coalesce(deposit_self_service_count, 0) as deposit_self_service_count,
    coalesce(deposit_online_count, 0) as deposit_online_count,
    coalesce(deposit_mobile_count, 0) as deposit_mobile_count,
    coalesce(standing_payment_count, 0) as standing_payment_count,
    coalesce(loan_instalment_count, 0) as loan_instalment_count,
    coalesce(card_payment_count, 0) as card_payment_count,
    coalesce(penalty_interest_count, 0) as penalty_interest_count,
    coalesce(has_deposit, false) as has_deposit,
    coalesce(active_day_set, 0) as active_day_set,
    -- the lowest and the highest bit of the month's active days
    case when active_day_set > 0 then cast(first_date + bit_count((active_day_set & -active_day_set) - 1) as date) end
        as first_activity_date,
    case when active_day_set > 0 then cast(first_date + cast(floor(log2(active_day_set)) as integer) as date) end
        as last_activity_date
from balanced;

-- ==== customer × month ====

create temp table rates as
with dated as (
    select *, lead(rate_date) over (partition by currency_code order by rate_date) as next_date
    from work.staging.stg_market__fx_rates
    where currency_code <> 'CNY'
),

known as (
    select dated.currency_code, months.month_number, cast(dated.rate_to_base * 100000000 as bigint) as rate
    from months
    inner join dated
        on months.as_of_date >= dated.rate_date and months.as_of_date < coalesce(dated.next_date, date '9999-12-31')
    union all
    select 'CNY', month_number, 100000000 from months
)

select known.*, previous.rate as previous_rate
from known
left join known as previous
    on known.currency_code = previous.currency_code and known.month_number = previous.month_number + 1;

create temp table positions as
with dated as (
    select
        *,
        lead(position_date) over (partition by member_sk, product_code, currency_code order by position_date) as next_date
    from work.staging.stg_wealth__positions
),

validity as (
    select cast(value as integer) as days from work.seeds.rule_parameters where parameter_code = 'position_validity_days'
)

select
    dated.customer_sk,
    months.month_number,
    case
        when bool_and(rates.rate is not null)
            then sum(cast(dated.market_value_amount * 100 as bigint)::hugeint * 1000000 * rates.rate)
    end as value_units,
    bool_or(rates.rate is null) as is_rate_missing
from dated
inner join months
    on
        dated.position_date <= months.as_of_date
        and coalesce(dated.next_date, date '9999-12-31') > months.as_of_date
        and months.as_of_date - dated.position_date < (select days from validity)
left join rates on dated.currency_code = rates.currency_code and months.month_number = rates.month_number
group by dated.customer_sk, months.month_number;

create temp table holders as
select account_sk, customer_sk, cast(ownership_share * 1000000 as integer) as share
from work.staging.stg_core__account_holders;

create table result.customer_months as
with held as (
    select
        holders.customer_sk,
        months.month_number,
        months.days_in_month,
        holders.share * rates.rate as weight,
        holders.share * (rates.rate - rates.previous_rate) as revaluation_weight,
        rates.rate is null as is_rate_missing,
        rates.previous_rate is null as is_previous_rate_missing,
        cast(balance_days * 100 as bigint) as day_cents,
        accounts.*
    from result.account_months as accounts
    inner join months on accounts.as_of_date = months.as_of_date
    inner join holders on accounts.account_sk = holders.account_sk
    left join rates on accounts.currency_code = rates.currency_code and months.month_number = rates.month_number
),

summed as (
    select
        customer_sk,
        month_number,
        any_value(as_of_date) as as_of_date,
        any_value(days_in_month) as days_in_month,
        cast(count(*) filter (where is_open_at_month_end) as integer) as open_account_count,
        bool_or(is_rate_missing) as is_rate_missing,
        bool_or(is_previous_rate_missing) as is_previous_rate_missing,
        bool_or(month_min_balance is null) as is_minimum_missing,
        sum(cast(month_min_balance * 100 as bigint)::hugeint * weight) as minimum_units,
        sum(cast(net_flow_amount * 100 as bigint)::hugeint * weight) as net_units,
        sum(cast(inflow_amount * 100 as bigint)::hugeint * weight) as inflow_units,
        sum(cast(outflow_amount * 100 as bigint)::hugeint * weight) as outflow_units,
        sum(cast(other_bank_outflow_amount * 100 as bigint)::hugeint * weight) as other_bank_units,
        sum(cast(deposit_amount * 100 as bigint)::hugeint * weight) as deposit_units,
        sum(cast(month_end_balance * 100 as bigint)::hugeint * weight) as end_units,
        sum(day_cents::hugeint * weight) as day_units,
        sum(greatest(day_cents, 0)::hugeint * weight) as positive_units,
        sum(case when product_kind = 'term' then day_cents::hugeint * weight else 0 end) as term_units,
        max(cast(largest_deposit_amount * 100 as bigint)::hugeint * weight) as largest_deposit_units,
        max(cast(largest_outflow_amount * 100 as bigint)::hugeint * weight) as largest_outflow_units,
        sum(cast(investment_flow_amount * 100 as bigint)::hugeint * weight) as investment_units,
        sum(day_cents::hugeint * revaluation_weight) as revaluation_units,
        cast(sum(customer_count) as integer) as customer_count_1m,
        cast(sum(counter_count) as integer) as counter_count_1m,
        cast(sum(self_service_count) as integer) as self_service_count_1m,
        cast(sum(online_count) as integer) as online_count_1m,
        cast(sum(mobile_count) as integer) as mobile_count_1m,
        cast(sum(deposit_count) as integer) as deposit_count_1m,
        cast(sum(deposit_counter_count) as integer) as deposit_counter_count_1m,
        cast(sum(deposit_self_service_count) as integer) as deposit_self_service_count_1m,
        cast(sum(deposit_online_count) as integer) as deposit_online_count_1m,
        cast(sum(deposit_mobile_count) as integer) as deposit_mobile_count_1m,
        cast(sum(standing_payment_count) as integer) as standing_payment_count_1m,
        cast(sum(loan_instalment_count) as integer) as loan_instalment_count_1m,
        cast(sum(card_payment_count) as integer) as card_payment_count_1m,
        cast(sum(penalty_interest_count) as integer) as penalty_interest_count_1m,
        bool_or(has_deposit) as has_deposit,
        bit_or(active_day_set) as active_day_set,
        min(first_activity_date) as first_activity_date,
        max(last_activity_date) as last_activity_date
    from held
    group by customer_sk, month_number
),

valued as (
    select
        summed.*,
        case when not coalesce(now.is_rate_missing, false) then coalesce(now.value_units, 0) end as value_units,
        case when not coalesce(before.is_rate_missing, false) then coalesce(before.value_units, 0) end
            as previous_value_units,
        case when not summed.is_rate_missing then 1 end as known
    from summed
    left join positions as now on summed.customer_sk = now.customer_sk and summed.month_number = now.month_number
    left join positions as before
        on summed.customer_sk = before.customer_sk and summed.month_number = before.month_number + 1
),

measured as (
    select
        customer_sk,
        as_of_date,
        open_account_count,
        case when not is_minimum_missing then rounded(minimum_units * known, 1) end as month_min_balance,
        rounded(net_units * known, 1) as net_flow_1m,
        rounded(inflow_units * known, 1) as inflow_amount_1m,
        rounded(outflow_units * known, 1) as outflow_amount_1m,
        rounded(other_bank_units * known, 1) as outflow_other_bank_1m,
        rounded(deposit_units * known, 1) as deposit_amount_1m,
        rounded(end_units * known, 1) as month_end_balance,
        rounded(day_units * known, days_in_month) as adb_1m,
        rounded(positive_units * known, days_in_month) as positive_adb_1m,
        rounded(term_units * known, days_in_month) as term_adb_1m,
        rounded(largest_deposit_units * known, 1) as largest_deposit_1m,
        rounded(largest_outflow_units * known, 1) as largest_outflow_1m,
        columns('.*_count_1m'),
        has_deposit,
        active_day_set,
        first_activity_date,
        last_activity_date,
        rounded(value_units, 1) as market_value,
        case
            when month_number = (select min(month_number) from months) then 0::decimal(18, 2)
            when not is_previous_rate_missing
                then rounded(
                    known * ((value_units - previous_value_units + investment_units) * days_in_month + revaluation_units),
                    days_in_month
                )
        end as valuation_change_1m
    from valued
)

select *, cast(adb_1m + market_value as decimal(18, 2)) as aum_1m, false as is_aum_deposits_only
from measured;

-- ==== windows over a customer's months ====

-- Three counts of up to 524,287 in one whole number, negative ones too: a window sums them at once.
create macro packed(a, b, c) as a::bigint + b::bigint * 1048576 + c::bigint * 1099511627776;
create macro lane(p, i) as cast(((p::bigint + 576461302059761664) >> (20 * i)) & 1048575 as integer) - 524288;
create macro share(a, b) as round(cast(a as double) / nullif(cast(greatest(b, 0) as double), 0), 9);
create macro mean_cents(s, n) as cast(sign(s) as bigint) * ((2 * abs(s)::bigint + n) // (2 * n));

create temp table windows as
with base as (
    select
        customers.customer_sk,
        customers.as_of_date,
        months.month_number,
        cast(months.month_number - (select min(month_number) from months) as integer) as "offset",
        cast(months.ledger_month_count as integer) as ledger_months,
        cast(adb_1m * 100 as bigint) as adb,
        cast(aum_1m * 100 as bigint) as aum,
        cast(valuation_change_1m * 100 as bigint) as valuation,
        cast(ln(1 + cast(greatest(adb_1m, 0) as double)) as decimal(18, 12)) as log_adb,
        cast(inflow_amount_1m * 100 as bigint) as inflow,
        cast(outflow_amount_1m * 100 as bigint) as outflow,
        cast(outflow_other_bank_1m * 100 as bigint) as other_bank,
        cast(deposit_amount_1m * 100 as bigint) as deposit,
        cast(largest_deposit_1m * 100 as bigint) as largest_deposit,
        first_activity_date,
        last_activity_date,
        packed(customer_count_1m, counter_count_1m, mobile_count_1m) as counts_1,
        packed(online_count_1m, self_service_count_1m, deposit_count_1m) as counts_2,
        packed(deposit_counter_count_1m, deposit_mobile_count_1m, deposit_online_count_1m) as counts_3,
        packed(deposit_self_service_count_1m, standing_payment_count_1m, loan_instalment_count_1m) as counts_4,
        packed(card_payment_count_1m, bit_count(active_day_set), case when active_day_set > 0 then 1 else 0 end) as counts_5,
        packed(
            case when has_deposit then 1 else 0 end,
            case when adb_1m is null then 1 else 0 end,
            case when month_min_balance < 0 then 1 else 0 end
        ) as counts_6,
        packed(
            case when month_min_balance is null then 1 else 0 end,
            case when adb_1m is null then 1 else 0 end,
            penalty_interest_count_1m
        ) as counts_7
    from result.customer_months as customers
    inner join months on customers.as_of_date = months.as_of_date
)

select
    customer_sk,
    as_of_date,
    month_number,
    ledger_months,
    aum,
    lag(month_number) over so_far as previous_month,
    cast(sum(valuation) over so_far as bigint) as valuation_so_far,
    count(*) over so_far - count(valuation) over so_far as unknown_valuations,
    sum(counts_1) over year as counts_1_12m,
    sum(counts_2) over year as counts_2_12m,
    sum(counts_3) over year as counts_3_12m,
    sum(counts_4) over year as counts_4_12m,
    sum(counts_5) over year as counts_5_12m,
    sum(counts_6) over year as counts_6_12m,
    sum(counts_7) over year as counts_7_12m,
    min(first_activity_date) over year as first_activity_date_12m,
    max(last_activity_date) over year as last_activity_date_12m,
    max(last_activity_date) over so_far as last_activity_date,
    sum(adb) over year as adb_12m,
    max(adb) over year as adb_peak_12m,
    min(adb) over year as adb_least_12m,
    sum(deposit) over year as deposit_12m,
    max(largest_deposit) over year as largest_deposit_12m,
    sum(inflow) over year as inflow_12m,
    sum(outflow) over year as outflow_12m,
    sum(inflow) over year_before as inflow_prior_12m,
    sum(counts_7) over year_before as counts_7_prior_12m,
    count(*) over year_ago as rows_year_ago,
    sum(counts_1) over quarter as counts_1_3m,
    sum(counts_7) over quarter as counts_7_3m,
    sum(adb) over quarter as adb_3m,
    sum(other_bank) over quarter as other_bank_3m,
    sum(counts_1) over quarter_before as counts_1_prior_3m,
    sum(counts_7) over quarter_before as counts_7_prior_3m,
    coalesce(sum(adb) over quarter_before, 0) as adb_prior_3m,
    count(*) over half as rows_6m,
    sum(counts_7) over half as counts_7_6m,
    sum("offset") over half as months_6m,
    sum("offset" * "offset") over half as squares_6m,
    sum(log_adb) over half as logs_6m,
    sum("offset" * log_adb) over half as products_6m,
    sum(adb) over half as adb_6m,
    sum(adb::hugeint * adb) over half as adb_squares_6m
from base
window
    so_far as (partition by customer_sk order by month_number),
    year as (partition by customer_sk order by month_number range between 11 preceding and current row),
    year_before as (partition by customer_sk order by month_number range between 23 preceding and 12 preceding),
    year_ago as (partition by customer_sk order by month_number range between 12 preceding and 12 preceding),
    half as (partition by customer_sk order by month_number range between 5 preceding and current row),
    quarter as (partition by customer_sk order by month_number range between 2 preceding and current row),
    quarter_before as (partition by customer_sk order by month_number range between 5 preceding and 3 preceding);

create table result.int_last_activities as
select customer_sk, as_of_date, last_activity_date from windows;

create table result.feat_customers__balances as
with known as (
    select
        *,
        lane(counts_7_3m, 1) = 0 as is_known_3m,
        lane(counts_7_prior_3m, 1) = 0 as is_known_prior_3m,
        lane(counts_7_6m, 1) = 0 as is_known_6m,
        lane(counts_6_12m, 1) = 0 as is_known_12m
    from windows
),

parameters as (
    select
        max(case when parameter_code = 'trend_minimum_months' then value end) as trend_months,
        max(case when parameter_code = 'cv_minimum_months' then value end) as cv_months
    from work.seeds.rule_parameters
)

select
    known.customer_sk,
    known.as_of_date,
    case when is_known_3m then money(mean_cents(known.adb_3m, least(3, ledger_months))) end as adb_3m,
    case when is_known_12m then money(mean_cents(known.adb_12m, least(12, ledger_months))) end as adb_12m,
    case when ledger_months >= 6 and coalesce(is_known_prior_3m, true) then money(mean_cents(known.adb_prior_3m, 3)) end
        as adb_prior_3m,
    case when is_known_12m then money(known.adb_peak_12m) end as adb_peak_12m,
    share(customers.market_value, customers.aum_1m) as market_value_share,
    case when lane(counts_7_12m, 0) = 0 then lane(counts_6_12m, 2) end as overdraft_months_12m,
    case
        when is_known_6m and rows_6m >= trend_months
            then round(
                cast(rows_6m * products_6m - months_6m * logs_6m as double)
                / (rows_6m * squares_6m - months_6m * months_6m), 9
            )
    end as balance_trend_6m,
    case
        when is_known_12m and known.adb_peak_12m > 0
            then round(
                1 - cast(greatest(customers.adb_1m, 0) as double) / cast(money(known.adb_peak_12m) as double), 9
            )
    end as drawdown_12m,
    case
        when is_known_6m and rows_6m >= cv_months and adb_6m > 0
            then round(
                sqrt(cast(rows_6m * adb_squares_6m - adb_6m * adb_6m as double) * rows_6m / nullif(rows_6m - 1, 0))
                / nullif(cast(adb_6m as double), 0), 9
            )
    end as balance_cv_6m,
    case when is_known_12m then money(adb_least_12m) end as core_balance_12m,
    case when is_known_12m then money(known.largest_deposit_12m) end as largest_deposit_12m,
    case when is_known_12m then money(greatest(deposit_12m, 0)) end as cumulative_deposit_12m
from known
cross join parameters
inner join result.customer_months as customers
    on known.customer_sk = customers.customer_sk and known.as_of_date = customers.as_of_date;

create table result.feat_customers__activity as
with counted as (
    select
        *,
        least(12, ledger_months) as month_count,
        greatest(lane(counts_1_12m, 0), 0) as customer_count,
        greatest(lane(counts_1_12m, 1), 0) as counter_count,
        greatest(lane(counts_1_12m, 2), 0) as mobile_count,
        greatest(lane(counts_2_12m, 0), 0) as online_count,
        greatest(lane(counts_2_12m, 1), 0) as self_service_count,
        greatest(lane(counts_2_12m, 2), 0) as deposit_count,
        greatest(lane(counts_3_12m, 0), 0) as deposit_counter_count,
        greatest(lane(counts_3_12m, 1), 0) as deposit_mobile_count,
        greatest(lane(counts_3_12m, 2), 0) as deposit_online_count,
        greatest(lane(counts_4_12m, 0), 0) as deposit_self_service_count,
        greatest(lane(counts_4_12m, 1), 0) as standing_count,
        greatest(lane(counts_4_12m, 2), 0) as instalment_count,
        greatest(lane(counts_5_12m, 0), 0) as card_count,
        lane(counts_5_12m, 1) as active_days,
        lane(counts_5_12m, 2) as active_months,
        lane(counts_6_12m, 0) as deposit_months,
        lane(counts_6_12m, 1) = 0 as is_known_12m,
        case when lane(counts_6_12m, 1) = 0 then greatest(inflow_12m, 0)::bigint end as inflow,
        case when lane(counts_6_12m, 1) = 0 then greatest(outflow_12m, 0)::bigint end as outflow,
        greatest(inflow_prior_12m, 0)::bigint as inflow_before
    from windows
),

compared as (
    select
        *,
        greatest(counter_count, mobile_count, online_count, self_service_count) as most,
        greatest(deposit_counter_count, deposit_mobile_count, deposit_online_count, deposit_self_service_count)
            as most_deposits
    from counted
)

select
    compared.customer_sk,
    compared.as_of_date,
    customers.customer_count_1m as customer_txn_count_1m,
    greatest(lane(counts_1_3m, 0), 0) as customer_txn_count_3m,
    customer_count as customer_txn_count_12m,
    case when ledger_months >= 6 then greatest(coalesce(lane(counts_1_prior_3m, 0), 0), 0) end as customer_txn_prior_3m,
    share(customer_count, month_count) as customer_txn_per_month_12m,
    active_months as active_months_12m,
    active_days as active_days_12m,
    first_activity_date_12m,
    share(last_activity_date_12m - first_activity_date_12m, active_days - 1) as mean_activity_gap_days,
    customers.inflow_amount_1m,
    customers.outflow_amount_1m,
    customers.largest_outflow_1m,
    money(inflow) as inflow_amount_12m,
    money(outflow) as outflow_amount_12m,
    share(money(outflow), money(inflow)) as outflow_inflow_ratio_12m,
    case
        when ledger_months >= 24 and rows_year_ago = 1 and lane(counts_7_prior_12m, 1) = 0
            then share(money(inflow - inflow_before), money(inflow_before))
    end as inflow_growth_12m,
    share(counter_count, customer_count) as counter_share_12m,
    share(mobile_count, customer_count) as mobile_share_12m,
    share(online_count, customer_count) as online_share_12m,
    share(self_service_count, customer_count) as self_service_share_12m,
    online_count + mobile_count as digital_count_12m,
    share(online_count + mobile_count, customer_count) as digital_share_12m,
    case most
        when 0 then null
        when counter_count then 'counter'
        when mobile_count then 'mobile'
        when online_count then 'online'
        else 'self_service'
    end as preferred_channel_code,
    case most_deposits
        when 0 then null
        when deposit_counter_count then 'counter'
        when deposit_mobile_count then 'mobile'
        when deposit_online_count then 'online'
        else 'self_service'
    end as preferred_deposit_channel_code,
    deposit_count as deposit_count_12m,
    share(deposit_online_count + deposit_mobile_count, deposit_count) as deposit_digital_share_12m,
    deposit_months as deposit_months_12m,
    rhythms.deposit_rhythm_code,
    case when lane(counts_7_3m, 1) = 0 then money(greatest(other_bank_3m, 0)) end as outflow_other_bank_3m,
    standing_count as standing_payment_count_12m,
    share(standing_count, month_count) as standing_payment_per_month_12m,
    instalment_count as loan_instalment_count_12m,
    card_count as card_payment_count_12m,
    greatest(lane(counts_7_3m, 2), 0) as penalty_interest_count_3m
from compared
inner join result.customer_months as customers
    on compared.customer_sk = customers.customer_sk and compared.as_of_date = customers.as_of_date
inner join work.seeds.deposit_rhythms as rhythms
    on deposit_months >= rhythms.min_value and deposit_months < rhythms.below_value;

-- ==== value tiers: a row a month with both boundaries beside each other ====

-- Most customers are of one type whatever the version; the others take it from the newest version that was known.
create temp table types as
with versions as (
    select
        *,
        coalesce(updated_at, timestamp '0001-01-01') as stamp,
        case when is_oldest_version then 0 else month_of(updated_at) end as first_month
    from work.staging.stg_core__customers
),

constant as (
    select customer_sk, min(customer_type) as customer_type
    from versions
    group by customer_sk
    having min(customer_type) = max(customer_type)
),

changing as (
    select
        windows.customer_sk,
        windows.month_number,
        arg_max(
            versions.customer_type,
            (
                coalesce(month_of(versions.updated_at) <= windows.month_number, true),
                case when month_of(versions.updated_at) > windows.month_number then -epoch_us(versions.stamp) end,
                versions.stamp, -versions.member_rank
            )
        ) as customer_type
    from windows
    inner join versions
        on windows.customer_sk = versions.customer_sk and windows.month_number >= versions.first_month
    anti join constant on windows.customer_sk = constant.customer_sk
    group by windows.customer_sk, windows.month_number
)

select windows.customer_sk, windows.month_number, constant.customer_type
from windows
inner join constant on windows.customer_sk = constant.customer_sk
union all
select customer_sk, month_number, customer_type from changing;

create temp table parameters as
select
    cast(max(case when parameter_code = 'veto_days_past_due' then value end) as integer) as veto_days,
    cast(max(case when parameter_code = 'veto_five_class' then value end) as integer) as veto_class,
    cast(max(case when parameter_code = 'loan_position_validity_days' then value end) as integer) as validity_days,
    cast(max(case when parameter_code = 'valuation_protection_months' then value end) as integer) as protection_months
from work.seeds.rule_parameters;

create temp table vetoes as
with dated as (
    select *, lead(position_date) over (partition by loan_key order by position_date) as next_date
    from work.staging.stg_lending__loan_positions
)
select distinct loans.customer_sk, months.month_number
from dated
inner join work.staging.stg_lending__loans as loans on dated.loan_key = loans.loan_key
cross join parameters
inner join months
    on
        dated.position_date <= months.as_of_date
        and coalesce(dated.next_date, date '9999-12-31') > months.as_of_date
        and months.as_of_date - dated.position_date < parameters.validity_days
where
    dated.days_past_due > parameters.veto_days
    or cast(dated.five_class_code as integer) >= parameters.veto_class;

create temp table rules as
with versions as (
    select rule_version, valid_from, lead(valid_from) over (order by valid_from, rule_version) as next_from
    from work.seeds.rule_versions
    where status_code = 'published'
)
select
    months.month_number,
    versions.rule_version,
    tiers.customer_type,
    cast(max(case when tier_code = 'mid' then enter_at end) * 100 as bigint) as enter_2,
    cast(max(case when tier_code = 'mid' then stay_at end) * 100 as bigint) as stay_2,
    max(case when tier_code = 'mid' then hold_months end) as hold_2,
    cast(max(case when tier_code = 'high' then enter_at end) * 100 as bigint) as enter_3,
    cast(max(case when tier_code = 'high' then stay_at end) * 100 as bigint) as stay_3,
    max(case when tier_code = 'high' then hold_months end) as hold_3
from months
inner join versions
    on months.as_of_date >= versions.valid_from and months.as_of_date < coalesce(versions.next_from, date '9999-12-31')
inner join work.seeds.value_tiers as tiers on versions.rule_version = tiers.rule_version and tiers.currency_code = 'CNY'
group by months.month_number, versions.rule_version, tiers.customer_type;

-- 2 × month + 1 where a boundary is reached, 2 × month where it is missed, null where the month before decides.
create macro signal(aum, enter, stay, month, previous) as
    case
        when aum >= enter then 2 * month + 1
        when aum is null or aum < stay or coalesce(previous, 0) <> month - 1 then 2 * month
    end;

-- A tier that only a loss in value took away counts on, for some months and not across a veto.
create macro is_protected(month, aum, stay, earned, change, unknown, veto, months) as
    coalesce(
        earned >= coalesce(veto, 0) and month - earned <= months and unknown = 0 and change < 0 and aum - change >= stay,
        false
    );

create table result.customer_value_tiers as
with valued as (
    select
        windows.customer_sk, windows.as_of_date, windows.month_number, windows.aum, windows.valuation_so_far,
        windows.unknown_valuations, rules.stay_2, rules.stay_3, rules.hold_2, rules.hold_3, rules.rule_version,
        signal(windows.aum, rules.enter_2, rules.stay_2, windows.month_number, windows.previous_month) as signal_2,
        signal(windows.aum, rules.enter_3, rules.stay_3, windows.month_number, windows.previous_month) as signal_3,
        vetoes.month_number as last_veto
    from windows
    inner join types on windows.customer_sk = types.customer_sk and windows.month_number = types.month_number
    inner join rules on types.month_number = rules.month_number and types.customer_type = rules.customer_type
    asof left join vetoes
        on windows.customer_sk = vetoes.customer_sk and windows.month_number >= vetoes.month_number
),

earned as (
    select
        *,
        case
            when max(signal_3) over so_far & 1 = 1 then 3
            when max(signal_2) over so_far & 1 = 1 then 2
            else 1
        end as earned_rank
    from valued
    window so_far as (partition by customer_sk order by month_number)
),

-- what had been gained and lost by the month in which a tier was last earned
dated as (
    select
        *,
        last_value(
            case when earned_rank >= 2 then {'month': month_number, 'value': valuation_so_far, 'unknown': unknown_valuations} end
            ignore nulls
        ) over so_far as last_2,
        last_value(
            case when earned_rank >= 3 then {'month': month_number, 'value': valuation_so_far, 'unknown': unknown_valuations} end
            ignore nulls
        ) over so_far as last_3
    from earned
    window so_far as (partition by customer_sk order by month_number)
),

counted as (
    select
        dated.*,
        case
            when earned_rank >= 3 or is_protected(
                dated.month_number, aum, stay_3, last_3.month, valuation_so_far - last_3.value,
                unknown_valuations - last_3.unknown, last_veto, protection_months
            ) then 3
            when earned_rank >= 2 or is_protected(
                dated.month_number, aum, stay_2, last_2.month, valuation_so_far - last_2.value,
                unknown_valuations - last_2.unknown, last_veto, protection_months
            ) then 2
            else 1
        end as counted_rank
    from dated
    cross join parameters
),

clocked as (
    select
        *,
        month_number - max(case when counted_rank >= 2 then month_number end) over so_far as since_2,
        month_number - max(case when counted_rank >= 3 then month_number end) over so_far as since_3
    from counted
    window so_far as (partition by customer_sk order by month_number)
),

served as (
    select
        *,
        case
            when since_3 <= hold_3 and month_number - since_3 >= coalesce(last_veto, 0) then 3
            when since_2 <= hold_2 and month_number - since_2 >= coalesce(last_veto, 0) then 2
            else 1
        end as service_rank
    from clocked
),

judged as (
    select judgements.customer_sk, months.as_of_date, codes.code
    from work.staging.stg_crm__judgements as judgements
    inner join months
        on
            judgements.valid_from <= months.as_of_date
            and coalesce(judgements.valid_to, date '9999-12-31') >= months.as_of_date
    inner join work.seeds.classification_codes as codes
        on judgements.dimension = codes.dimension and lower(judgements.value_code) = codes.code
    where judgements.is_approved and judgements.dimension = 'value_tier'
    qualify
        row_number() over (
            partition by judgements.customer_sk, months.as_of_date
            order by judgements.valid_from desc, judgements.reason_rank, codes.code
        ) = 1
)

select
    served.customer_sk,
    served.as_of_date,
    case when aum is null then 'unclassified' else ['ordinary', 'mid', 'high'][earned_rank] end as earned_value_tier_code,
    case when aum is null then 'unclassified' else ['ordinary', 'mid', 'high'][service_rank] end
        as service_value_tier_code,
    coalesce(
        judged.code, case when aum is null then 'unclassified' else ['ordinary', 'mid', 'high'][service_rank] end
    ) as value_tier_code,
    case
        when aum is null then 'not_evaluable'
        when earned_rank >= service_rank then 'normal'
        when 2 * case service_rank when 3 then since_3 else since_2 end <= case service_rank when 3 then hold_3 else hold_2 end
            then 'grace'
        else 'watch'
    end as tier_status_code,
    served.rule_version
from served
left join judged on served.customer_sk = judged.customer_sk and served.as_of_date = judged.as_of_date;
