//! axe-core, run in the page.

use serde_json::{Value, json};

use crate::window::driver::Driver;

/// The library, version 4.14.1 (MPL-2.0): used by tests, never shipped.
const AXE: &str = include_str!("../../e2e/vendor/axe-4.14.1.min.js");
const RUN: &str = "
    const done = arguments[arguments.length - 1];
    axe.run(document, { runOnly: arguments[0], resultTypes: ['violations'] }).then(
      (result) => done(result.violations.map((violation) => [
        violation.id,
        violation.help,
        violation.nodes.map((node) => `${node.target}: ${node.failureSummary}`),
      ])),
      (error) => done(String(error)),
    );";

/// What a page is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rules {
    /// WCAG 2.2 at level AA and axe's own good practice.
    All,
    /// Those that look at colours: all that another scheme of colours can break.
    OfColours,
}

impl Rules {
    fn asked(self) -> Value {
        match self {
            Self::All => json!({ "type": "tag", "values":
                ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
            Self::OfColours => {
                json!({ "type": "rule", "values": ["color-contrast", "link-in-text-block"] })
            }
        }
    }
}

/// A rule that does not hold on the page, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The rule, as axe calls it.
    pub rule: String,
    /// What it asks for.
    pub help: String,
    /// The elements that break it, and how.
    pub nodes: Vec<String>,
}

pub(crate) fn violations(driver: &Driver, rules: Rules) -> Vec<Violation> {
    let client = driver.client();
    let known = driver.run("a question", async {
        client.execute("return typeof window.axe === 'object'", Vec::new()).await
    });
    if known != Value::Bool(true) {
        driver.run("axe's script", async { client.execute(AXE, Vec::new()).await });
    }
    let found =
        driver.run("axe's run", async { client.execute_async(RUN, vec![rules.asked()]).await });
    let Value::Array(violations) = &found else { panic!("axe did not run: {found}") };
    violations.iter().map(read).collect()
}

fn read(violation: &Value) -> Violation {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let nodes = violation.get(2).and_then(Value::as_array).into_iter().flatten();
    Violation {
        rule: text(violation.get(0)),
        help: text(violation.get(1)),
        nodes: nodes.map(|node| text(Some(node))).collect(),
    }
}
