//! WebKitWebDriver and the session with it.

use std::fs::File;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use fantoccini::elements::{Element, ElementRef};
use fantoccini::error::CmdError;
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

use crate::process::{Running, child_of, end, patience, wait_for};
use crate::window::Place;

/// The key under which WebDriver gives an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A driver, the app it started, and the session with it.
#[derive(Debug)]
pub(crate) struct Driver {
    client: Client,
    app: u32,
    program: PathBuf,
    // Dropped after the session, which ends the app.
    _process: Running,
    runtime: Runtime,
}

impl Driver {
    /// Starts a driver, and by it the app; what both say goes to `log`.
    pub(crate) fn start(place: &Place, log: File) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let port = free_port();
        let mut command = command(port, place);
        // The webview's own processes end a little later: they must not hold the test's output.
        command.stdout(log.try_clone().expect("a second hold of the log")).stderr(log);
        let mut process = Running::start("WebKitWebDriver", &mut command);
        let url = format!("http://127.0.0.1:{port}");
        let client = wait_for("a session with the app's window", || {
            process.must_run();
            connect(&runtime, &url, place)
        });
        let app = child_of(process.id(), &place.program).expect("the driver started the app");
        let program = place.program.clone();
        Self { client, app, program, _process: process, runtime }
    }

    /// The session.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// The id of the app's process.
    pub(crate) fn app(&self) -> u32 {
        self.app
    }

    /// Does something that must work.
    pub(crate) fn run<T>(&self, what: &str, act: impl Future<Output = Result<T, CmdError>>) -> T {
        self.attempt(act).unwrap_or_else(|error| panic!("{what}: {error}"))
    }

    /// Does something that may fail, and says why.
    pub(crate) fn attempt<T>(
        &self,
        act: impl Future<Output = Result<T, CmdError>>,
    ) -> Result<T, String> {
        let limited = async { tokio::time::timeout(patience(), act).await };
        match self.runtime.block_on(limited) {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err("the window does not answer".to_owned()),
        }
    }

    /// Lets a moment pass between two looks at the page.
    pub(crate) fn pause(&self) {
        self.runtime.block_on(async { tokio::time::sleep(Duration::from_millis(40)).await });
    }

    /// The element a script returned, if it did.
    pub(crate) fn element(&self, found: &Value) -> Option<Element> {
        let id = found.get(ELEMENT)?.as_str()?;
        Some(Element::from_element_id(self.client.clone(), ElementRef::from(id.to_owned())))
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Ending the session ends the app; a killed app has no session any more.
        let client = self.client.clone();
        let close = async { tokio::time::timeout(Duration::from_secs(5), client.close()).await };
        drop(self.runtime.block_on(close));
        // It may still be ending, and holds its store until it has: whoever opens that next waits.
        end(self.app, &self.program);
    }
}

fn command(port: u16, place: &Place) -> Command {
    let mut command = Command::new("WebKitWebDriver");
    command.arg(format!("--port={port}")).arg("--host=127.0.0.1");
    // Tauri opens its window to a driver only when told.
    command.env("TAURI_WEBVIEW_AUTOMATION", "true");
    // Without a graphics card the processor draws: there, more threads wait for each other.
    command.env("WEBKIT_SKIA_ENABLE_CPU_RENDERING", "1").env("LP_NUM_THREADS", "0");
    // The driver takes a picture of a window that lies behind another only where it is composed.
    command.env("FIELDCHART_GRAPHICS", "on");
    // The same words and times on every machine.
    command.env("LANG", "C.UTF-8").env("LANGUAGE", "en").env("TZ", "UTC");
    // Nothing outside this machine is listened to, and no drive of it is shown.
    command.env("FIELDCHART_LAN", "off").env("FIELDCHART_DRIVES", "");
    let temporary = place.home.join("tmp");
    std::fs::create_dir_all(&temporary).expect("a folder for temporary files");
    command.env("TMPDIR", temporary);
    for (variable, folder) in
        [("XDG_DATA_HOME", "data"), ("XDG_CACHE_HOME", "cache"), ("XDG_CONFIG_HOME", "config")]
    {
        command.env(variable, place.home.join(folder));
    }
    command.envs(place.variables.iter().map(|(name, value)| (*name, value)));
    command
}

fn connect(runtime: &Runtime, url: &str, place: &Place) -> Option<Client> {
    let options = json!({ "binary": place.program, "args": ["--store", place.store] });
    let mut capabilities = Capabilities::new();
    capabilities.insert("webkitgtk:browserOptions".to_owned(), options);
    // A script may take as long as anything else.
    let script_ms = u64::try_from(patience().as_millis()).unwrap_or(u64::MAX);
    capabilities.insert("timeouts".to_owned(), json!({ "script": script_ms }));
    let session = async {
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let connecting = builder.capabilities(capabilities).connect(url);
        tokio::time::timeout(patience(), connecting).await
    };
    match runtime.block_on(session) {
        Ok(Ok(client)) => Some(client),
        Ok(Err(_)) => None,
        Err(_) => panic!("the app's window did not open within {} s", patience().as_secs()),
    }
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its number").port()
}
