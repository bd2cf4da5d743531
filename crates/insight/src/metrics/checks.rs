//! The check queries: each KPI of the whole company by another route than the kernel's.
//!
//! Plain SQL that both Apache DataFusion and SQLite run, over `lines` (source, invoice_no, date, account_id,
//! quantity, unit, net, discount, cost, currency, manager, category, region …) and `targets` (manager_id, account_id,
//! product_id, category, region, segment, branch, first_day, last_day, kpi, value). They hold for data in one currency;
//! those over targets for targets that are kept by manager.

/// The lines of the window.
macro_rules! window {
    () => {
        "date >= '{from}' and date <= '{to}'"
    };
}

/// The lines of the base window.
macro_rules! base {
    () => {
        "date >= '{base_from}' and date <= '{base_to}'"
    };
}

/// A line that makes an order.
macro_rules! order_line {
    () => {
        "(quantity > 0 or (quantity is null and net > 0))"
    };
}

/// What tells orders apart.
macro_rules! order_key {
    () => {
        "case when invoice_no is not null then concat('i|', source, '|', invoice_no) \
         else concat('d|', coalesce(account_id, ''), '|', cast(date as varchar)) end"
    };
}

/// Top over bottom, null where the bottom is not positive.
macro_rules! ratio {
    ($top:expr, $bottom:expr, $from:expr) => {
        concat!(
            "select case when ",
            $bottom,
            " > 0 then cast(",
            $top,
            " as double) / cast(",
            $bottom,
            " as double) end as value from ",
            $from
        )
    };
}

/// Accounts with sales in the window (c) beside their sales in the base (b) and their first order (f).
macro_rules! accounts {
    () => {
        concat!(
            "(select a.account_id, coalesce(c.net, 0) as c, coalesce(b.net, 0) as b, f.first_day \
             from (select distinct account_id from lines where account_id is not null) a \
             left join (select account_id, sum(net) as net from lines where ",
            window!(),
            " group by account_id) c on c.account_id = a.account_id \
             left join (select account_id, sum(net) as net from lines where ",
            base!(),
            " group by account_id) b on b.account_id = a.account_id \
             left join (select account_id, min(date) as first_day from lines where ",
            order_line!(),
            " group by account_id) f on f.account_id = a.account_id) s"
        )
    };
}

/// Null where the base starts before the data.
macro_rules! with_base {
    ($sql:expr) => {
        concat!(
            "select case when d.first_day <= '{base_from}' then k.value end as value from (",
            $sql,
            ") k cross join (select min(date) as first_day from lines) d"
        )
    };
}

pub(super) const NET_SALES: &str = concat!(
    "select sum(day_net) as value from (select date, account_id, sum(net) as day_net from lines where ",
    window!(),
    " group by date, account_id) s"
);

pub(super) const UNITS: &str = concat!(
    "select case when count(distinct coalesce(unit, '')) > 1 then null else sum(quantity) end as value \
     from lines where quantity is not null and ",
    window!()
);

pub(super) const ORDERS: &str =
    concat!("select count(distinct ", order_key!(), ") as value from lines where ", order_line!(), " and ", window!());

pub(super) const ORDER_VALUE: &str = ratio!(
    "(n.net)",
    "(o.orders)",
    concat!(
        "(select sum(net) as net from lines where ",
        window!(),
        ") n cross join (select count(distinct ",
        order_key!(),
        ") as orders from lines where ",
        order_line!(),
        " and ",
        window!(),
        ") o"
    )
);

pub(super) const GROSS_MARGIN: &str =
    concat!("select sum(net - cost) as value from lines where net is not null and cost is not null and ", window!());

pub(super) const MARGIN_RATE: &str =
    ratio!("sum(net - cost)", "sum(net)", concat!("lines where net is not null and cost is not null and ", window!()));

pub(super) const DISCOUNT_RATE: &str =
    ratio!("sum(discount)", "sum(net + discount)", concat!("lines where net is not null and ", window!()));

pub(super) const RETURN_RATE: &str = ratio!(
    "sum(case when quantity < 0 or (quantity is null and net < 0) then abs(net) else 0 end)",
    "sum(case when quantity < 0 or (quantity is null and net < 0) then 0 else net end)",
    concat!("lines where net is not null and ", window!())
);

pub(super) const ACTIVE: &str = concat!(
    "select count(*) as value from (select account_id from lines where account_id is not null and ",
    window!(),
    " group by account_id having sum(net) > 0) s"
);

pub(super) const NEW: &str = with_base!(concat!(
    "select count(*) as value from ",
    accounts!(),
    " where c > 0 and b <= 0 and first_day >= '{from}' and first_day <= '{to}'"
));

pub(super) const RETAINED: &str =
    with_base!(concat!("select count(*) as value from ", accounts!(), " where c > 0 and b > 0"));

pub(super) const REACTIVATED: &str = with_base!(concat!(
    "select count(*) as value from ",
    accounts!(),
    " where c > 0 and b <= 0 and first_day < '{from}'"
));

pub(super) const LOST: &str =
    with_base!(concat!("select count(*) as value from ", accounts!(), " where c <= 0 and b > 0"));

pub(super) const LOGO: &str =
    with_base!(ratio!("sum(case when c > 0 then 1 else 0 end)", "count(*)", concat!(accounts!(), " where b > 0")));

pub(super) const GRR: &str = with_base!(ratio!(
    "sum(case when c <= 0 then 0 when c < b then c else b end)",
    "sum(b)",
    concat!(accounts!(), " where b > 0")
));

pub(super) const NRR: &str = with_base!(ratio!("sum(c)", "sum(b)", concat!(accounts!(), " where b > 0")));

pub(super) const REPEAT: &str = ratio!(
    "sum(case when orders >= 2 then 1 else 0 end)",
    "count(*)",
    concat!(
        "(select account_id, count(distinct ",
        order_key!(),
        ") as orders from lines where account_id is not null and ",
        order_line!(),
        " and ",
        window!(),
        " group by account_id) s"
    )
);

pub(super) const GROWTH: &str = with_base!(concat!(
    "select case when b.net > 0 then cast(c.net as double) / cast(b.net as double) - 1 end as value \
     from (select case when count(*) = 0 then 0 else sum(net) end as net from lines where ",
    window!(),
    ") c cross join (select sum(net) as net from lines where ",
    base!(),
    ") b"
));

pub(super) const TARGET: &str = "select sum(value) as value from targets \
     where kpi = 'net_sales' and first_day >= '{from}' and last_day <= '{to}'";

pub(super) const ATTAINMENT: &str = "select case when t.target > 0 \
     then cast(coalesce(a.net, 0) as double) / cast(t.target as double) end as value \
     from (select sum(value) as target from targets \
     where kpi = 'net_sales' and first_day >= '{from}' and last_day <= '{to}') t cross join \
     (select sum(net) as net from lines join (select distinct manager_id, first_day, last_day from targets \
     where kpi = 'net_sales' and first_day >= '{from}' and last_day <= '{to}') g \
     on g.manager_id = lines.manager and date >= g.first_day and date <= g.last_day) a";

pub(super) const SHARE: &str =
    concat!("select case when sum(net) > 0 then 1.0 end as value from lines where ", window!());

/// They hold where the size of the whole market is told in money, apart from any by region, segment or category.
pub(super) const MARKET_SHARE: &str = concat!(
    "select case when m.size > 0 then cast(coalesce(c.net, 0) as double) / cast(m.size as double) end as value \
     from (select sum(value) as size from market where kpi = 'net_sales' and category is null and region is null \
     and segment is null and \"from\" >= '{from}' and \"to\" <= '{to}') m cross join \
     (select sum(net) as net from lines where ",
    window!(),
    ") c"
);

pub(super) const MARKET_PLAN: &str = "select case when s.size > 0 then s.planned / s.size end as value from \
     (select sum(p.size) as size, sum(p.planned) as planned from \
     (select cast(m.value as double) as size, cast(m.value as double) * cast(t.value as double) as planned \
     from market m join targets t on t.first_day = m.\"from\" and t.last_day = m.\"to\" and t.kpi = 'market_share' \
     and t.manager_id is null \
     where m.kpi = 'net_sales' and m.category is null and m.region is null and m.segment is null \
     and m.\"from\" >= '{from}' and m.\"to\" <= '{to}') p) s";
