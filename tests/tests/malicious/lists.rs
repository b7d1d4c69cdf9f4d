//! Lies about which computers are of the clinic.

use std::sync::{Arc, Mutex};

use sync::ids::{DeviceId, EntryHash, HpkeKey, VerifyKey};
use sync::membership::{Entry, EntryBody, Invite, Join, MembersHead, Revoke, Role, SignedEntry};
use sync::signing::Signer as _;
use sync::wire::{Frame, HelloReply, HelloRequest, MembersPage, path, read_reply};

use super::{Expected, check, lie, members_contradict, misbehaves};
use crate::between::Lie;
use crate::hand::Hand;

/// A list that goes on with an entry the server signed itself.
fn longer(body: impl Fn(&HelloRequest, &Hand) -> EntryBody + Send + 'static) -> Lie {
    let forged: Arc<Mutex<Option<SignedEntry>>> = Arc::default();
    Box::new(move |path, request, reply| {
        let mut forged = forged.lock().unwrap();
        if path == path::HELLO {
            let Ok(Ok(mut hello)) = read_reply::<HelloReply>(&reply) else { return reply };
            let asked = HelloRequest::from_frame(request).expect("a hello");
            let stranger = Hand::of_a_stranger();
            let entry = Entry {
                clinic: asked.clinic,
                index: asked.members.count,
                prev: asked.members.hash,
                at_ms: hello.now_ms,
                author: VerifyKey([0; 32]),
                body: body(&asked, &stranger),
            };
            let entry = SignedEntry::sign(entry, &stranger);
            hello.members = Some(entry.head());
            *forged = Some(entry);
            return hello.to_frame();
        }
        if path == path::MEMBERS
            && let Some(entry) = forged.as_ref()
        {
            return MembersPage { entries: vec![entry.clone()], head: entry.head() }.to_frame();
        }
        reply
    })
}

#[test]
fn a_computer_that_nobody_let_in_is_not_of_the_clinic() {
    let join = |asked: &HelloRequest, stranger: &Hand| {
        let (hpke, name) = (HpkeKey([3; 32]), b"sealed".to_vec());
        EntryBody::Join(Join::prove(asked.clinic, DeviceId([7; 16]), hpke, name, stranger))
    };
    check("adds a computer", longer(join), Expected::Alarm(members_contradict));
    let invite = |_: &HelloRequest, stranger: &Hand| {
        let invite_key = VerifyKey(stranger.public_key());
        let expires_at_ms = i64::MAX / 2;
        EntryBody::Invite(Invite { invite_key, role: Role::Admin, expires_at_ms })
    };
    check("invites a computer", longer(invite), Expected::Alarm(members_contradict));
    let revoke = |asked: &HelloRequest, _: &Hand| {
        EntryBody::Revoke(Revoke { device: asked.device, cut: Vec::new() })
    };
    check("removes a computer", longer(revoke), Expected::Alarm(members_contradict));
}

#[test]
fn another_list_is_told_and_a_shorter_one_is_filled() {
    let other = |reply: &mut HelloReply| {
        let count = 3;
        reply.members = Some(MembersHead { count, hash: EntryHash([9; 32]) });
    };
    check("shows another list", lie(path::HELLO, other), Expected::Alarm(members_contradict));
    let nothing = |reply: &mut HelloReply| {
        reply.members = Some(MembersHead { count: 9, hash: EntryHash([9; 32]) });
    };
    check("promises a longer list", lie(path::HELLO, nothing), Expected::Alarm(misbehaves));
    let shorter = |reply: &mut HelloReply| {
        reply.members = Some(MembersHead { count: 1, hash: EntryHash([9; 32]) });
    };
    check("hides computers", lie(path::HELLO, shorter), Expected::Harmless);
}
