//! From arguments to use-cases and back to words.

mod admission;
mod bench_sync;
mod bundle;
mod chart;
mod clinic;
mod clinical_check;
mod days;
mod deciding;
mod document;
mod erasing;
mod exchange;
mod manual;
mod merging;
mod named;
mod notes;
mod overseeing;
mod paper;
mod peers;
mod places;
mod reading;
mod record;
mod recovery;
mod set_aside;
mod sharing;
mod show;
mod square;
mod strict;
mod upkeep;
mod whom;

use crate::terminal::Progress;
use crate::{
    arguments::{Arguments, BundleArguments, Command, ExportArguments},
    failure::Failure,
    output::Output,
    password,
};
use api::{ApiError, ErrorCode, Origin, Stage};
use app::App;
use host::Computer;
use std::{path::PathBuf, str::FromStr, sync::Arc};

/// Carries out what was asked for.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let output = Output { json: arguments.json };
    if matches!(arguments.command, Command::Version) {
        let version = serde_json::json!({ "version": env!("CARGO_PKG_VERSION") });
        output.answer(&version, |_| format!("fieldchart {}", env!("CARGO_PKG_VERSION")));
        return Ok(());
    }
    if let Command::ClinicalCheck { suite, input } = &arguments.command {
        return clinical_check::run(*suite, input);
    }
    if let Command::Manual { folder } = &arguments.command {
        return manual::write(folder, output);
    }
    if let Command::BenchSync(bench) = &arguments.command {
        return bench_sync::run(bench);
    }
    if let Command::BenchSamples { folder } = &arguments.command {
        return bench_sync::write_samples(folder);
    }
    let desk = Desk::new(arguments, output)?;
    match &arguments.command {
        Command::Clinic(command) => clinic::run(&desk, command),
        Command::Device(command) => clinic::devices(&desk, command),
        Command::User(command) => clinic::people(&desk, command),
        Command::Import { paths } => exchange::import(&desk, paths),
        Command::Export(ExportArguments { format, patient, out, .. }) => {
            exchange::export(&desk, *format, patient.as_deref(), out)
        }
        Command::Find { query, limit } => chart::find(&desk, &query.join(" "), *limit),
        Command::Chart { id, history: None, ids } => chart::show(&desk, id, *ids),
        Command::Chart { id, history: Some(entry), .. } => chart::history(&desk, id, entry),
        Command::Patient(command) => merging::run(&desk, command),
        Command::Erase { patient, ground } => erasing::erase(&desk, patient, ground),
        Command::Erased => erasing::list(&desk),
        Command::Share(command) => sharing::run(&desk, command),
        Command::Shared => sharing::list(&desk),
        Command::Record { kind, patient } => record::run(&desk, *kind, patient.as_deref()),
        Command::Conflicts { page, action } => chart::conflicts(&desk, page, action.as_ref()),
        Command::Tasks { page, action } => chart::tasks(&desk, page, action.as_ref()),
        Command::Document(command) => document::run(&desk, command),
        Command::Print(command) => paper::print(&desk, command),
        Command::Sheets(command) => paper::sheets(&desk, command),
        Command::Letterhead(command) => paper::letterhead(&desk, command),
        Command::Sync { deciding, .. } if deciding.is_asked() => deciding::run(&desk, deciding),
        Command::Sync { quarantine: true, .. } => exchange::quarantine(&desk),
        Command::Sync { make_floor: true, .. } => exchange::make_floor(&desk),
        Command::Sync {
            bundle: BundleArguments { bundle_out: Some(out), only_for, documents, .. },
            ..
        } => bundle::write(&desk, (out, *documents), only_for.as_deref()),
        Command::Sync {
            bundle: BundleArguments { bundle_in: Some(file), documents, .. }, ..
        } => bundle::read(&desk, file, *documents),
        Command::Sync { peer: Some(peer), .. } => peers::meet(&desk, peer),
        Command::Serve { listen, peer } => peers::serve(&desk, *listen, peer),
        Command::Sync { server, keeper_lost, status, hold, .. } => {
            let server = server.as_deref().map(|server| (server, *keeper_lost));
            exchange::sync(&desk, server, *hold, *status)
        }
        Command::Audit { patient, limit, after } => {
            overseeing::audit(&desk, patient.as_deref(), *limit, *after)
        }
        Command::Recovery(command) => recovery::run(&desk, command),
        Command::Check { accept_loss } => upkeep::check(&desk, *accept_loss),
        Command::Rebuild => upkeep::rebuild(&desk),
        Command::Demo { patients } => upkeep::demo(&desk, *patients),
        Command::ClinicalCheck { .. }
        | Command::Manual { .. }
        | Command::BenchSync { .. }
        | Command::BenchSamples { .. }
        | Command::Version => Ok(()),
    }
}

/// Shows how far the lists are made again, where another version of the program left them.
fn tell_rebuilding() -> impl Fn(api::Event) + Send + Sync {
    let shown: std::sync::Mutex<Option<Progress>> = std::sync::Mutex::default();
    move |event| {
        let mut shown = shown.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match event {
            api::Event::Rebuilding { done, all } => {
                let line = shown.get_or_insert_with(|| Progress::new("making the lists again"));
                line.at(done, all);
            }
            api::Event::Changed { .. } => *shown = None,
            api::Event::ExchangeAsked | api::Event::Exchanging(_) | api::Event::Carrying { .. } => {
            }
        }
    }
}

/// The program, and how it was asked to answer.
struct Desk {
    app: Arc<App<Computer>>,
    user: Option<String>,
    output: Output,
}

impl Desk {
    fn new(arguments: &Arguments, output: Output) -> Result<Self, Failure> {
        let data = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from).or_else(|| {
            std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share"))
        });
        // Not by clap: its usage lines would show what was never typed.
        let variable = std::env::var_os("FIELDCHART_STORE").map(PathBuf::from);
        let user = std::env::var("FIELDCHART_USER").ok().filter(|user| !user.is_empty());
        let folder = host::resolve_store_folder(arguments.store.clone(), variable, data.as_deref())
            .map_err(|error| Failure::Usage(error.to_string()))?;
        let computer = Computer::new(folder, Box::new(tell_rebuilding()));
        let out = arguments.command.printed_into();
        let computer = match out {
            Some(out) => computer.printing_to(out.to_owned()),
            None => computer,
        };
        Ok(Self {
            app: Arc::new(App::new(computer)),
            user: arguments.user.clone().or(user),
            output,
        })
    }

    /// Carries out a command of the contract.
    fn call<C: api::Command>(&self, command: C) -> Result<C::Reply, Failure> {
        self.app.call(command, Origin::Host).map_err(|error| self.failed(error))
    }

    /// Signs in, with the password of the environment or the terminal.
    fn sign_in(&self) -> Result<(), Failure> {
        self.sign_in_keeping().map(drop)
    }

    /// Signs in, and keeps who and with what password: for what asks for it once more.
    fn sign_in_keeping(&self) -> Result<(String, String), Failure> {
        let user_name = self.user_name()?;
        let password = password::current(&user_name)?;
        let door = api::SignIn { user_name: user_name.clone(), password: password.clone() };
        let entered = self.app.call(door, Origin::Host);
        entered.map_err(|error| self.failed(or_recover(error, &user_name)))?;
        Ok((user_name, password))
    }

    /// Signs in to a store of which something is missing.
    fn accept_loss(&self) -> Result<(), Failure> {
        let user_name = self.user_name()?;
        let password = password::current(&user_name)?;
        self.app.accept_loss(&user_name, &password).map_err(|error| self.failed(error))?;
        Ok(())
    }

    /// Who signs in.
    fn user_name(&self) -> Result<String, Failure> {
        let user_name = match (&self.user, self.call(api::GetStatus {})?.stage) {
            (Some(user), Stage::SignedOut { .. }) => user.clone(),
            (None, Stage::SignedOut { users, .. }) => match users.as_slice() {
                [one] => one.clone(),
                several => {
                    let text = format!("say who signs in by --user: {}", several.join(", "));
                    return Err(Failure::Usage(text));
                }
            },
            (_, Stage::FirstRun) => {
                let detail = "There is no clinic in this folder. Join the clinic that the others use with \
                              `clinic join`, name the folder it is in by --store, or make a new \
                              clinic with `clinic create`.";
                return Err(self.failed(ApiError::new(ErrorCode::NoClinic, detail)));
            }
            (_, Stage::Joining { user_name }) => {
                let detail = format!(
                    "{user_name} was joining a clinic here and was interrupted: `clinic join` \
                     with the same code brings it to its end, with another begins anew."
                );
                return Err(self.failed(ApiError::new(ErrorCode::JoiningUnfinished, detail)));
            }
            (_, Stage::Blocked(error)) => return Err(self.failed(error)),
            (_, Stage::SignedIn(session)) => session.name,
        };
        Ok(user_name)
    }

    fn failed(&self, error: ApiError) -> Failure {
        Failure::Failed(error)
    }
}

/// A wrong password is no dead end for whoever has the recovery code.
fn or_recover(mut error: ApiError, user_name: &str) -> ApiError {
    if error.code == ErrorCode::WrongPassword {
        let way = "If it is forgotten, the recovery code of this computer sets a new one";
        error.detail.push_str(&format!(" {way}: `fieldchart recovery use {user_name}`."));
    }
    error
}

/// An id, bare or as `record` prints it: `medication/01a2…`.
fn parse<T: FromStr>(text: &str) -> Result<T, Failure> {
    let bare = text.rsplit_once('/').map_or(text, |(_, id)| id);
    let read = text.parse().or_else(|_| bare.parse());
    read.map_err(|_| Failure::Usage(format!("{text} is not an id")))
}
