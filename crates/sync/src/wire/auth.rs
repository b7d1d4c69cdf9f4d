//! How a device proves who it is: it signs a server's challenge and gets a token.
//!
//! The signed words name the server's enrolled key, so that a challenge passed on by another
//! server is worth nothing; this also works behind a proxy that ends TLS.

use crate::codec::{Canonical, DecodeError, Reader, Writer};
use crate::ids::{ChallengeNonce, ClinicId, DeviceId, ServerPin, Signature, Token, VerifyKey};
use crate::signing::{Domain, Signer, sign, verify};

/// Who asks for a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Principal {
    /// An enrolled device, by its signing key in the membership log.
    Device(DeviceId),
    /// Whoever holds an invite's key: may read the membership log, nothing else.
    Invite(VerifyKey),
}

/// Asks for a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChallengeRequest {
    /// The clinic.
    pub clinic: ClinicId,
    /// Who asks.
    pub principal: Principal,
}

/// What is to be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// To be signed once.
    pub nonce: ChallengeNonce,
    /// By the server's clock, in milliseconds since the Unix epoch.
    pub expires_at_ms: i64,
}

/// A signed challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenRequest {
    /// The clinic.
    pub clinic: ClinicId,
    /// Who asks.
    pub principal: Principal,
    /// The challenge's nonce.
    pub nonce: ChallengeNonce,
    /// Over nonce, server, clinic and principal.
    pub signature: Signature,
}

/// A token for the requests that follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenGrant {
    /// Sent with every request.
    pub token: Token,
    /// By the server's clock, in milliseconds since the Unix epoch.
    pub expires_at_ms: i64,
}

impl TokenRequest {
    /// Answers a challenge of the server whose enrolled key is `server`: the pin the device was
    /// given when it was enrolled, never one the server tells.
    pub fn sign(
        request: ChallengeRequest,
        challenge: &Challenge,
        server: &ServerPin,
        signer: &dyn Signer,
    ) -> Self {
        let ChallengeRequest { clinic, principal } = request;
        let nonce = challenge.nonce;
        let content = challenge_content(clinic, principal, &nonce, server);
        Self { clinic, principal, nonce, signature: sign(signer, Domain::Challenge, &content) }
    }

    /// Whether `key` answered the challenge for the server whose enrolled key is `server`. That
    /// the nonce is the server's own, fresh and unused is for the server to know.
    pub fn is_signed_by(&self, key: &VerifyKey, server: &ServerPin) -> bool {
        let content = challenge_content(self.clinic, self.principal, &self.nonce, server);
        verify(key, Domain::Challenge, &content, &self.signature)
    }
}

fn challenge_content(
    clinic: ClinicId,
    principal: Principal,
    nonce: &ChallengeNonce,
    server: &ServerPin,
) -> Vec<u8> {
    let mut out = Writer::default();
    nonce.encode(&mut out);
    server.encode(&mut out);
    clinic.encode(&mut out);
    principal.encode(&mut out);
    out.into_bytes()
}

impl Canonical for Principal {
    fn encode(&self, out: &mut Writer) {
        match self {
            Self::Device(device) => {
                out.u8(1);
                device.encode(out);
            }
            Self::Invite(key) => {
                out.u8(2);
                key.encode(out);
            }
        }
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match input.u8()? {
            1 => Ok(Self::Device(DeviceId::decode(input)?)),
            2 => Ok(Self::Invite(VerifyKey::decode(input)?)),
            tag => Err(DecodeError::Tag { what: "principal", tag }),
        }
    }
}

impl Canonical for ChallengeRequest {
    fn encode(&self, out: &mut Writer) {
        self.clinic.encode(out);
        self.principal.encode(out);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { clinic: ClinicId::decode(input)?, principal: Principal::decode(input)? })
    }
}

impl Canonical for Challenge {
    fn encode(&self, out: &mut Writer) {
        self.nonce.encode(out);
        out.i64(self.expires_at_ms);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { nonce: ChallengeNonce::decode(input)?, expires_at_ms: input.i64()? })
    }
}

impl Canonical for TokenRequest {
    fn encode(&self, out: &mut Writer) {
        self.clinic.encode(out);
        self.principal.encode(out);
        self.nonce.encode(out);
        self.signature.encode(out);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            clinic: ClinicId::decode(input)?,
            principal: Principal::decode(input)?,
            nonce: ChallengeNonce::decode(input)?,
            signature: Signature::decode(input)?,
        })
    }
}

impl Canonical for TokenGrant {
    fn encode(&self, out: &mut Writer) {
        self.token.encode(out);
        out.i64(self.expires_at_ms);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { token: Token::decode(input)?, expires_at_ms: input.i64()? })
    }
}
