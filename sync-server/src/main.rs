//! `fieldchart-sync`: the server that keeps a clinic's sealed envelopes and cannot open them.

use std::error::Error;
use std::process::ExitCode;

use sync_server::{
    Cli, Config, LogFormat, OperateError, Server, Task, backup, bench_serve, clinics, migrate,
    place, quota, telemetry,
};

#[tokio::main]
async fn main() -> ExitCode {
    let asked = Cli::read(std::env::args_os()).unwrap_or_else(|error| error.exit());
    match asked {
        (Some(task), _) => {
            telemetry::start(LogFormat::Text);
            ended(do_task(task).await, LogFormat::Text)
        }
        (None, Some(config)) => {
            telemetry::start(config.log_format);
            ended(run(&config).await, config.log_format)
        }
        // The parser asks for the arguments of serving where no task is named.
        (None, None) => ExitCode::FAILURE,
    }
}

fn ended<E: Error>(done: Result<(), E>, format: LogFormat) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            telemetry::complain(&error, format);
            ExitCode::FAILURE
        }
    }
}

async fn do_task(task: Task) -> Result<(), OperateError> {
    match task {
        Task::Migrate { database_url, database_ca, app_role } => {
            let done = migrate(&database_url, database_ca, &app_role).await?;
            telemetry::migrated(done);
            Ok(())
        }
        Task::Quota(asked) => quota(&asked).await,
        Task::Place(asked) => place(&asked).await,
        Task::Clinics { kept } => clinics(&kept).await,
        Task::Backup(asked) => Ok(backup(&asked)?),
        Task::BenchServe { folder, listen } => Ok(bench_serve(&folder, listen).await?),
    }
}

async fn run(config: &Config) -> Result<(), sync_server::ServeError> {
    let server = Server::start(config).await?;
    let asked = telemetry::stop_asked_for();
    telemetry::announce(&server);
    asked.await;
    server.stop().await;
    Ok(())
}
