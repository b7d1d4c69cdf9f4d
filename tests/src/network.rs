//! A local network of two computers: two network namespaces and a cable between them, over which
//! multicast goes too. There is no router on it, and nobody who knows names. It needs root and `ip`.

use std::process::{Command, Stdio};

/// The device at either end, by the name that it has there.
const DEVICE: &str = "lan0";

/// A local network; it is gone when it is dropped.
#[derive(Debug)]
pub struct Network {
    ends: [Namespace; 2],
}

impl Network {
    /// Lays the one that the test `name` alone uses; `None` where it may not be, without root, `ip` or
    /// devices of its kind.
    pub fn lay(name: &str) -> Option<Self> {
        let ends = [
            Namespace::make(&format!("{name}-a"), "10.78.0.1")?,
            Namespace::make(&format!("{name}-b"), "10.78.0.2")?,
        ];
        let [one, other] = &ends;
        let cable = format!("link add {DEVICE} type veth peer name {DEVICE} netns {}", other.name);
        let is_laid = one.ip(&cable) && ends.iter().all(Namespace::plug_in);
        is_laid.then_some(Self { ends })
    }

    /// The two places on it where computers are.
    pub fn ends(&self) -> &[Namespace; 2] {
        &self.ends
    }
}

/// A network namespace; it is gone when it is dropped.
#[derive(Debug)]
pub struct Namespace {
    name: String,
    address: &'static str,
}

impl Namespace {
    /// The words that run a program in it.
    pub fn words(&self) -> Vec<String> {
        ["ip", "netns", "exec", &self.name].map(str::to_owned).to_vec()
    }

    /// Its address, with any port that is free.
    pub fn listen(&self) -> String {
        format!("{}:0", self.address)
    }

    fn make(name: &str, address: &'static str) -> Option<Self> {
        let name = format!("fieldchart-{}-{name}", std::process::id());
        ip(&format!("netns add {name}")).then_some(Self { name, address })
    }

    /// Gives its end of the cable an address.
    fn plug_in(&self) -> bool {
        let steps = [
            "link set lo up".to_owned(),
            format!("addr add {}/24 dev {DEVICE}", self.address),
            format!("link set {DEVICE} up"),
        ];
        steps.iter().all(|step| self.ip(step))
    }

    fn ip(&self, words: &str) -> bool {
        ip(&format!("-n {} {words}", self.name))
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        // Its end of the cable goes with it.
        ip(&format!("netns del {}", self.name));
    }
}

fn ip(words: &str) -> bool {
    let mut command = Command::new("ip");
    let status =
        command.args(words.split(' ')).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}
