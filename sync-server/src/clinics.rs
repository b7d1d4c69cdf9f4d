//! The clinics of this server and who belongs to them. Everything here blocks.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sync::ids::{ClinicId, DeviceId, LogEpoch, VerifyKey};
use sync::log::LogError;
use sync::membership::{Members, SignedEntry};
use sync::serve::{MembersOutcome, members_push};
use sync::wire::{MembersPush, MembersReply, Principal, RefusalCode};

use crate::auth::Caller;
use crate::log::{MembersState, Shelf};
use crate::metrics::Metrics;
use crate::over_quota::OverQuota;

/// Clinics whose membership is kept in memory between requests.
const REMEMBERED_MAX: usize = 4096;

/// The shelf and the membership state of the clinics on it.
pub(crate) struct Clinics {
    shelf: Box<dyn Shelf>,
    /// Whether a founding entry of an unknown clinic is taken.
    open: bool,
    remembered: Mutex<BTreeMap<ClinicId, Arc<Known>>>,
    over_quota: OverQuota,
    /// Held while entries are checked and written: they follow each other.
    changing: Mutex<()>,
}

/// A clinic's membership: the state and the log it comes from.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) members: Members,
    pub(crate) entries: Vec<SignedEntry>,
    /// What the shelf said of them, where other servers write it too.
    state: Option<MembersState>,
}

impl Clinics {
    pub(crate) fn new(shelf: Box<dyn Shelf>, open: bool, metrics: Arc<Metrics>) -> Self {
        Self {
            shelf,
            open,
            remembered: Mutex::default(),
            over_quota: OverQuota::new(metrics),
            changing: Mutex::default(),
        }
    }

    pub(crate) fn shelf(&self) -> &dyn Shelf {
        self.shelf.as_ref()
    }

    /// The membership of a clinic, with its entries.
    pub(crate) fn known(&self, clinic: ClinicId) -> Result<Arc<Known>, RefusalCode> {
        self.find(clinic)?.ok_or(RefusalCode::UnknownClinic)
    }

    /// The membership of a clinic in which the caller is an active device.
    pub(crate) fn as_device(&self, caller: &Caller) -> Result<(DeviceId, Arc<Known>), RefusalCode> {
        let known = self.known(caller.clinic)?;
        match caller.principal {
            Principal::Device(device) => {
                active_key(&known.members, device)?;
                Ok((device, known))
            }
            Principal::Invite(_) => Err(RefusalCode::UnknownDevice),
        }
    }

    /// The key by which a principal proves itself, as long as it may.
    pub(crate) fn key_of(
        &self,
        clinic: ClinicId,
        principal: Principal,
        now_ms: i64,
    ) -> Result<VerifyKey, RefusalCode> {
        let known = self.known(clinic)?;
        let members = &known.members;
        match principal {
            Principal::Device(device) => active_key(members, device),
            Principal::Invite(key) => {
                let invite = members.open_invite(&key).ok_or(RefusalCode::UnknownDevice)?;
                if now_ms > invite.expires_at_ms {
                    return Err(RefusalCode::NotFound);
                }
                Ok(key)
            }
        }
    }

    /// Takes in what is new and allowed among pushed entries. Those that an active device of the
    /// clinic brings are not held against the clock: after a restore, devices bring back joins
    /// whose invites have ended since.
    pub(crate) fn push_members(
        &self,
        push: &MembersPush,
        brought_by: Option<&Caller>,
        log_epoch: LogEpoch,
        now_ms: i64,
    ) -> Result<MembersReply, RefusalCode> {
        // Where others write the shelf too, it is the shelf that says who was first.
        let _changing = (!self.shelf.is_shared()).then(|| lock(&self.changing));
        let known = self.find(push.clinic)?;
        let from_device = brought_by
            .is_some_and(|caller| caller.clinic == push.clinic && self.as_device(caller).is_ok());
        let now_ms = if from_device { i64::MIN } else { now_ms };
        let state = known.as_deref().map(|clinic| (&clinic.members, clinic.entries.as_slice()));
        let MembersOutcome { reply, append, members } =
            members_push(state, push, self.open, now_ms);
        if let Some(members) = members.filter(|_| !append.is_empty()) {
            self.check_devices(known.as_deref(), &members)?;
            self.keep(known.as_deref(), log_epoch, append, members)?;
        }
        Ok(reply)
    }

    /// What a push to the log came to, as its caller hears it and the counters tell it.
    pub(crate) fn pushed<T>(
        &self,
        clinic: ClinicId,
        done: Result<T, LogError>,
    ) -> Result<T, RefusalCode> {
        match &done {
            Ok(_) => self.over_quota.taken(clinic),
            Err(LogError::OverQuota) => self.over_quota.refused(clinic),
            Err(_) => {}
        }
        done.map_err(refusal)
    }

    /// Devices that leave always may; one more joins where the quota has a place for it.
    fn check_devices(&self, known: Option<&Known>, members: &Members) -> Result<(), RefusalCode> {
        let Some(known) = known else { return Ok(()) };
        let count = |members: &Members| u64::try_from(members.active().count()).unwrap_or(u64::MAX);
        let (now, next) = (count(&known.members), count(members));
        if next <= now {
            return Ok(());
        }
        let clinic = members.clinic();
        let quota = self.shelf.quota(clinic).map_err(refusal)?;
        if quota.allows_devices(now, next) {
            return Ok(());
        }
        self.over_quota.refused(clinic);
        Err(RefusalCode::OverQuota)
    }

    fn keep(
        &self,
        known: Option<&Known>,
        log_epoch: LogEpoch,
        append: Vec<SignedEntry>,
        members: Members,
    ) -> Result<(), RefusalCode> {
        let clinic = members.clinic();
        let mut entries = match known {
            Some(known) => {
                self.shelf.add_members(clinic, &append).map_err(refusal)?;
                known.entries.clone()
            }
            // `false` where another server founded it at this moment: the same again finds it.
            None => match self.shelf.found(clinic, log_epoch, &append).map_err(refusal)? {
                true => Vec::new(),
                false => return Err(RefusalCode::Unavailable),
            },
        };
        entries.extend(append);
        if self.shelf.is_shared() {
            // Read anew when it is asked for: by then others may have been here too.
            lock(&self.remembered).remove(&clinic);
        } else {
            self.remember(Arc::new(Known { members, entries, state: None }));
        }
        Ok(())
    }

    fn find(&self, clinic: ClinicId) -> Result<Option<Arc<Known>>, RefusalCode> {
        let remembered = lock(&self.remembered).get(&clinic).map(Arc::clone);
        if let Some(known) = remembered
            && self.is_newest(clinic, &known)?
        {
            return Ok(Some(known));
        }
        let Some(known) = self.read(clinic)? else { return Ok(None) };
        let known = Arc::new(known);
        self.remember(Arc::clone(&known));
        Ok(Some(known))
    }

    /// Whether no other server has changed it since; what is not the newest is forgotten.
    fn is_newest(&self, clinic: ClinicId, known: &Known) -> Result<bool, RefusalCode> {
        if !self.shelf.is_shared() {
            return Ok(true);
        }
        let state = match self.shelf.members_state(clinic) {
            Err(LogError::UnknownClinic) => None,
            state => state.map_err(refusal)?,
        };
        if state.is_some() && state == known.state {
            return Ok(true);
        }
        lock(&self.remembered).remove(&clinic);
        Ok(false)
    }

    fn remember(&self, known: Arc<Known>) {
        let mut remembered = lock(&self.remembered);
        if remembered.len() >= REMEMBERED_MAX {
            remembered.pop_first();
        }
        // A state read from the shelf may be older than one that a push has left meanwhile.
        let clinic = known.members.clinic();
        let newer = |held: &Arc<Known>| held.entries.len() >= known.entries.len();
        if !remembered.get(&clinic).is_some_and(newer) {
            remembered.insert(clinic, known);
        }
    }

    /// Reads the whole membership log, checked anew.
    fn read(&self, clinic: ClinicId) -> Result<Option<Known>, RefusalCode> {
        // Asked first: entries that come in between make it too old, never too new.
        let state = match self.shelf.members_state(clinic) {
            Err(LogError::UnknownClinic) => return Ok(None),
            state => state.map_err(refusal)?,
        };
        let entries = match self.shelf.members(clinic) {
            Err(LogError::UnknownClinic) => return Ok(None),
            entries => entries.map_err(refusal)?,
        };
        let replayed =
            entries.first().map(|first| Members::replay(clinic, &first.entry().author, &entries));
        match replayed {
            Some(Ok(members)) => Ok(Some(Known { members, entries, state })),
            Some(Err(_)) | None => {
                tracing::error!("the membership log of a clinic is damaged");
                Err(RefusalCode::Unavailable)
            }
        }
    }
}

fn active_key(members: &Members, device: DeviceId) -> Result<VerifyKey, RefusalCode> {
    let member = members.device(device).ok_or(RefusalCode::UnknownDevice)?;
    match member.revoked {
        None => Ok(member.sign_key),
        Some(_) => Err(RefusalCode::Revoked),
    }
}

/// What a caller hears of a failed shelf; the log hears the rest.
#[allow(clippy::needless_pass_by_value, reason = "stands in map_err")]
pub(crate) fn refusal(error: LogError) -> RefusalCode {
    match &error {
        LogError::UnknownClinic => return RefusalCode::UnknownClinic,
        LogError::Busy => return RefusalCode::Busy,
        // Its operator decided it: nothing of the server is full.
        LogError::OverQuota => return RefusalCode::OverQuota,
        LogError::Full => {
            tracing::error!("the disk is full: nothing is taken in until there is room");
            return RefusalCode::Full;
        }
        LogError::Damaged(cause) => {
            tracing::error!(%cause, "the log is damaged: put it back from a copy");
            return RefusalCode::Damaged;
        }
        LogError::Append(cause) | LogError::Read(cause) => {
            tracing::error!(%cause, "{error}");
        }
    }
    RefusalCode::Unavailable
}

fn lock<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is behind the lock is whole at every step.
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}
