//! Who asks: a challenge signed for this server buys a token for fifteen minutes.
//!
//! A challenge takes no memory until it is answered: the nonce carries its own end and a mark
//! under a key that lives as long as the process, or that all servers of a database have. Tokens
//! live in memory, and beside the log by their digest where several servers share it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use hmac::digest::Key;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use sync::codec::Canonical;
use sync::ids::{ChallengeNonce, ClinicId, ServerPin, Token, VerifyKey};
use sync::limits::{CHALLENGE_LIFE_MS, TOKEN_LIFE_MS};
use sync::wire::{Challenge, ChallengeRequest, Principal, RefusalCode, TokenGrant, TokenRequest};

use crate::log::Spent;

/// Callers with tokens at one time; more is an attack with stolen keys.
const CALLERS_MAX: usize = 65_536;
/// Tokens of one caller at one time; a new one ends the oldest.
pub(crate) const TOKENS_PER_CALLER_MAX: usize = 16;

/// Who a token speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) clinic: ClinicId,
    pub(crate) principal: Principal,
    /// When the token ends, in milliseconds since the Unix epoch.
    pub(crate) expires_at_ms: i64,
}

/// Challenges and tokens of this process.
pub(crate) struct Auth {
    server: ServerPin,
    key: Key<Hmac<Sha256>>,
    /// Nonces that bought a token, by the time they end: a nonce buys once.
    spent: Mutex<BTreeMap<(i64, ChallengeNonce), ()>>,
    tokens: Mutex<Tokens>,
}

/// The tokens that hold, by SHA-256, so that a look-up tells nothing of them.
#[derive(Default)]
struct Tokens {
    callers: BTreeMap<[u8; 32], Caller>,
    /// Oldest first.
    of_caller: BTreeMap<(ClinicId, Principal), VecDeque<[u8; 32]>>,
}

impl Auth {
    /// For the server with this enrolled key. `key` is random and new at each start; or one that
    /// all servers of a database have, so that each takes the challenges of the others.
    pub(crate) fn new(server: ServerPin, key: [u8; 32]) -> Self {
        let mut padded = Key::<Hmac<Sha256>>::default();
        for (to, from) in padded.iter_mut().zip(key) {
            *to = from;
        }
        Self { server, key: padded, spent: Mutex::default(), tokens: Mutex::default() }
    }

    /// Makes a challenge; `random` must not come twice.
    pub(crate) fn challenge(
        &self,
        request: ChallengeRequest,
        random: [u8; 8],
        now_ms: i64,
    ) -> Challenge {
        let expires_at_ms = now_ms.saturating_add(CHALLENGE_LIFE_MS);
        Challenge { nonce: self.nonce(request, random, expires_at_ms), expires_at_ms }
    }

    /// Grants `token` to who signed a challenge of ours with `signed_by`, the caller's key. `keep`
    /// tells the other servers, and refuses where one of them took the challenge before.
    pub(crate) fn grant(
        &self,
        request: &TokenRequest,
        signed_by: &VerifyKey,
        token: Token,
        now_ms: i64,
        keep: impl FnOnce(&Caller, Spent) -> Result<(), RefusalCode>,
    ) -> Result<TokenGrant, RefusalCode> {
        let ends_at_ms = self.end_of_nonce(request).ok_or(RefusalCode::NotAuthenticated)?;
        if now_ms >= ends_at_ms {
            return Err(RefusalCode::NotAuthenticated);
        }
        if !request.is_signed_by(signed_by, &self.server) {
            return Err(RefusalCode::UnknownDevice);
        }
        self.spend(request.nonce, ends_at_ms, now_ms)?;
        let expires_at_ms = now_ms.saturating_add(TOKEN_LIFE_MS);
        let TokenRequest { clinic, principal, .. } = *request;
        let caller = Caller { clinic, principal, expires_at_ms };
        keep(&caller, Spent { nonce: request.nonce, ends_at_ms })?;
        self.remember(&token, caller, now_ms)?;
        Ok(TokenGrant { token, expires_at_ms })
    }

    /// Who a token speaks for.
    pub(crate) fn caller(&self, token: &Token, now_ms: i64) -> Option<Caller> {
        let tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.callers.get(&name_of(token)).filter(|caller| now_ms < caller.expires_at_ms).copied()
    }

    /// Takes a token that was granted, here or by another server.
    pub(crate) fn remember(
        &self,
        token: &Token,
        caller: Caller,
        now_ms: i64,
    ) -> Result<(), RefusalCode> {
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        if tokens.of_caller.len() >= CALLERS_MAX {
            tokens.forget_ended(now_ms);
        }
        if tokens.of_caller.len() >= CALLERS_MAX {
            return Err(RefusalCode::Busy);
        }
        tokens.add(name_of(token), caller);
        Ok(())
    }

    fn spend(&self, nonce: ChallengeNonce, end_ms: i64, now_ms: i64) -> Result<(), RefusalCode> {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        *spent = spent.split_off(&(now_ms, ChallengeNonce([0; 32])));
        match spent.insert((end_ms, nonce), ()) {
            None => Ok(()),
            Some(()) => Err(RefusalCode::NotAuthenticated),
        }
    }

    /// `end (8) ‖ random (8) ‖ mark (16)`.
    fn nonce(&self, to: ChallengeRequest, random: [u8; 8], end_ms: i64) -> ChallengeNonce {
        let mut nonce = [0; 32];
        let end = end_ms.to_be_bytes();
        let mark = self.mark(to, &end, &random);
        for (to, from) in nonce.iter_mut().zip(end.into_iter().chain(random).chain(mark)) {
            *to = from;
        }
        ChallengeNonce(nonce)
    }

    /// When a nonce ends, if it is ours and was given to who asks.
    fn end_of_nonce(&self, request: &TokenRequest) -> Option<i64> {
        let (end, rest) = request.nonce.0.split_first_chunk::<8>()?;
        let (random, _) = rest.split_first_chunk::<8>()?;
        let TokenRequest { clinic, principal, .. } = *request;
        let end_ms = i64::from_be_bytes(*end);
        let ours = self.nonce(ChallengeRequest { clinic, principal }, *random, end_ms);
        // Guessing the mark byte by byte would take the time of a reply for each try and gain a
        // challenge, which is given to anyone who asks.
        (ours == request.nonce).then_some(end_ms)
    }

    fn mark(&self, to: ChallengeRequest, end: &[u8; 8], random: &[u8; 8]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new(&self.key);
        mac.update(end);
        mac.update(random);
        mac.update(&to.to_bytes());
        mac.finalize().into_bytes().into()
    }
}

impl Tokens {
    fn add(&mut self, name: [u8; 32], caller: Caller) {
        let names = self.of_caller.entry((caller.clinic, caller.principal)).or_default();
        if names.len() >= TOKENS_PER_CALLER_MAX
            && let Some(oldest) = names.pop_front()
        {
            self.callers.remove(&oldest);
        }
        names.retain(|held| *held != name);
        names.push_back(name);
        self.callers.insert(name, caller);
    }

    fn forget_ended(&mut self, now_ms: i64) {
        let callers = &mut self.callers;
        callers.retain(|_, caller| now_ms < caller.expires_at_ms);
        self.of_caller.retain(|_, names| {
            names.retain(|name| callers.contains_key(name));
            !names.is_empty()
        });
    }
}

/// A token as it may be kept: its SHA-256.
pub(crate) fn name_of(token: &Token) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use sync::fixtures::{clinic, device, key};
    use sync::signing::Signer;

    use super::*;

    const PIN: ServerPin = ServerPin([3; 32]);
    const ASK: ChallengeRequest =
        ChallengeRequest { clinic: clinic(1), principal: Principal::Device(device(1)) };

    fn auth() -> Auth {
        Auth::new(PIN, [5; 32])
    }

    fn grant(auth: &Auth, asked_ms: i64, now_ms: i64) -> Result<TokenGrant, RefusalCode> {
        let challenge = auth.challenge(ASK, [1; 8], asked_ms);
        let request = TokenRequest::sign(ASK, &challenge, &PIN, &key(1));
        auth.grant(&request, &VerifyKey(key(1).public_key()), Token([8; 32]), now_ms, |_, _| Ok(()))
    }

    #[test]
    fn a_challenge_ends() {
        for (now_ms, granted) in
            [(0, true), (CHALLENGE_LIFE_MS - 1, true), (CHALLENGE_LIFE_MS, false)]
        {
            assert_eq!(grant(&auth(), 0, now_ms).is_ok(), granted, "{now_ms}");
        }
    }

    #[test]
    fn a_token_ends() {
        let auth = auth();
        let TokenGrant { token, expires_at_ms } = grant(&auth, 0, 10).unwrap();
        assert_eq!(expires_at_ms, 10 + TOKEN_LIFE_MS);
        let caller = auth.caller(&token, expires_at_ms - 1).unwrap();
        assert_eq!((caller.clinic, caller.principal), (ASK.clinic, ASK.principal));
        assert_eq!(auth.caller(&token, expires_at_ms), None);
        assert_eq!(auth.caller(&Token([9; 32]), 10), None);
    }

    #[test]
    fn a_caller_has_few_tokens() {
        let mut tokens = Tokens::default();
        let caller = |number| Caller {
            clinic: clinic(1),
            principal: Principal::Device(device(number)),
            expires_at_ms: i64::from(number),
        };
        let count = u8::try_from(TOKENS_PER_CALLER_MAX).unwrap();
        (0..=count).for_each(|name| tokens.add([name; 32], caller(1)));
        tokens.add([99; 32], caller(2));
        assert!(!tokens.callers.contains_key(&[0; 32]));
        assert!(tokens.callers.contains_key(&[1; 32]));
        assert_eq!(tokens.callers.len(), TOKENS_PER_CALLER_MAX + 1);
        tokens.forget_ended(1);
        assert_eq!(tokens.callers.into_keys().collect::<Vec<_>>(), [[99; 32]]);
        assert_eq!(tokens.of_caller.len(), 1);
    }

    #[test]
    fn a_challenge_is_for_who_asked_and_of_this_process() {
        let challenge = auth().challenge(ASK, [1; 8], 0);
        let check = |auth: &Auth, ask: ChallengeRequest, signer: u8| {
            let request = TokenRequest::sign(ask, &challenge, &PIN, &key(signer));
            let key = VerifyKey(key(1).public_key());
            auth.grant(&request, &key, Token([8; 32]), 0, |_, _| Ok(())).err()
        };
        let other_clinic = ChallengeRequest { clinic: clinic(2), ..ASK };
        let other_device = ChallengeRequest { principal: Principal::Device(device(2)), ..ASK };
        let restarted = Auth::new(PIN, [6; 32]);
        let refused = Some(RefusalCode::NotAuthenticated);
        assert_eq!(check(&auth(), ASK, 1), None);
        assert_eq!(check(&auth(), ASK, 2), Some(RefusalCode::UnknownDevice));
        assert_eq!(check(&auth(), other_clinic, 1), refused);
        assert_eq!(check(&auth(), other_device, 1), refused);
        assert_eq!(check(&restarted, ASK, 1), refused);
    }

    #[test]
    fn spent_nonces_are_forgotten_when_they_end() {
        let auth = auth();
        grant(&auth, 0, 0).unwrap();
        assert_eq!(grant(&auth, 0, 0), Err(RefusalCode::NotAuthenticated));
        grant(&auth, CHALLENGE_LIFE_MS, CHALLENGE_LIFE_MS + 1).unwrap();
        assert_eq!(auth.spent.lock().unwrap().len(), 1);
    }
}
