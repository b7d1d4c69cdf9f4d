//! `fieldchart-sync`: the server that keeps a clinic's sealed envelopes and cannot open them.

use std::process::ExitCode;

use clap::Parser;
use sync_server::{Config, Server, telemetry};

#[tokio::main]
async fn main() -> ExitCode {
    let config = Config::parse();
    telemetry::start(config.log_format);
    match run(&config).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            telemetry::complain(&error, config.log_format);
            ExitCode::FAILURE
        }
    }
}

async fn run(config: &Config) -> Result<(), sync_server::ServeError> {
    let server = Server::start(config).await?;
    telemetry::announce(&server);
    telemetry::stop_asked_for().await;
    server.stop().await;
    Ok(())
}
