//! Asks the database how it would do a statement, and what of that takes longer with every row of the store.

use sqlx::any::AnyPoolOptions;
use sqlx::{AnyPool, AssertSqlSafe, Row as _};

/// What is no table but a list made within the statement.
const OWN_LISTS: [&str; 5] = ["counted", "found", "page", "told", "CONSTANT ROW"];

pub(crate) struct Explainer {
    postgres: bool,
    pool: AnyPool,
    explained: u32,
}

impl Explainer {
    pub(crate) async fn connect(url: &str) -> Self {
        let postgres = url.starts_with("postgres");
        let pool = AnyPoolOptions::new().max_connections(1).connect(url).await.unwrap();
        let explainer = Self { postgres, pool, explained: 0 };
        if postgres {
            // In tables this small every plan is cheap: a scan is only left where no index serves.
            explainer.run("set enable_seqscan = off; set plan_cache_mode = force_generic_plan").await;
        }
        explainer
    }

    /// The plan for any parameters, a line for each step.
    pub(crate) async fn explain(&mut self, statement: &str) -> Vec<String> {
        if !self.postgres {
            return self.lines(&format!("explain query plan {statement}"), "detail").await;
        }
        self.explained += 1;
        let name = format!("explained_{}", self.explained);
        self.run(&format!("prepare {name} as {statement}")).await;
        let parameters = (1..).take_while(|number| statement.contains(&format!("${number}")));
        let nulls = parameters.map(|_| "null").collect::<Vec<_>>().join(", ");
        self.lines(&format!("explain (costs off) execute {name}({nulls})"), "QUERY PLAN").await
    }

    /// The first step that reads all of a table or of an index. Reading an index up to a limit is none: so matches
    /// are counted, and names searched.
    pub(crate) fn complaint<'a>(&self, plan: &'a [String]) -> Option<&'a String> {
        let reads_all = |step: usize| {
            let line = bare(&plan[step]);
            if !self.postgres {
                return line.strip_prefix("SCAN ").is_some_and(|list| !is_own(list));
            }
            // What a step is bounded by stands below it, before the next step.
            let below = plan[step + 1..].iter().take_while(|line| !line.contains("->"));
            let bounded = below.into_iter().any(|line| line.contains("Index Cond"));
            let limited = step > 0 && bare(&plan[step - 1]).starts_with("Limit");
            line.starts_with("Seq Scan") || (is_index_scan(line) && !bounded && !limited)
        };
        (0..plan.len()).find(|step| reads_all(*step)).map(|step| &plan[step])
    }

    async fn lines(&self, statement: &str, column: &str) -> Vec<String> {
        let rows = sqlx::query(AssertSqlSafe(statement.to_owned())).fetch_all(&self.pool).await;
        let rows = rows.unwrap_or_else(|error| panic!("{statement}: {error}"));
        rows.iter().map(|row| row.get(column)).collect()
    }

    async fn run(&self, statement: &str) {
        let done = sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&self.pool).await;
        done.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
}

fn bare(line: &str) -> &str {
    line.trim_start_matches(['-', '>', ' '])
}

fn is_own(list: &str) -> bool {
    list.starts_with('(') || OWN_LISTS.contains(&list)
}

fn is_index_scan(line: &str) -> bool {
    ["Index Scan", "Index Only Scan", "Bitmap Index Scan"].iter().any(|scan| line.starts_with(scan))
}
