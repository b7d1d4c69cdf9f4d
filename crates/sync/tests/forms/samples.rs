//! One value of every form, the same in every run.

use std::sync::LazyLock;

use sync::bundle::{BundleEnd, BundleHead};
use sync::codec::Canonical;
use sync::cursor::{Cursor, Mark};
use sync::envelope::Envelope;
use sync::fixtures::{clinic, device, envelope, key, run};
use sync::forms::{FRAMES, Form, SEALED};
use sync::have::{Have, Lane, Position};
use sync::ids::*;
use sync::left::Left;
use sync::membership::*;
use sync::payload::{
    Batch, Batches, DocumentName, Erasure, Floor, Listed, Notice, Outline, Pack, Packed, Payload,
    People, Planned,
};
use sync::signing::Signer as _;
use sync::wire::*;

pub(crate) struct Sample {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) form: Form,
}

impl Sample {
    /// Reads bytes as what this is one of, and writes what was read.
    pub(crate) fn again(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        (self.form.again)(bytes)
    }
}

pub(crate) fn samples() -> &'static [Sample] {
    static SAMPLES: LazyLock<Vec<Sample>> = LazyLock::new(make);
    &SAMPLES
}

fn make() -> Vec<Sample> {
    let mut all = vec![
        form("header", sealed(1, 1).header()),
        form("envelope", &sealed(2, 1)),
        form("have", &have()),
        form("cursor", &cursor()),
        form("payload-changes", &changes()),
        form("payload-abridged", &abridged()),
        form("payload-checkpoint", &Payload::Checkpoint(cursor())),
        form("payload-floor", &Payload::Floor(floor())),
        form("payload-countersign", &Payload::Countersign(EnvelopeId([6; 32]))),
        form("payload-pack", &Payload::Pack(pack())),
        form("payload-batches", &Payload::Batches(batches())),
        form("payload-part", &part()),
        form("payload-notice-1-remove", &notice(Notice::Remove(revoke()))),
        form("payload-notice-2-rotate", &notice(Notice::Rotate { after: 7 })),
        form("payload-notice-3-parted", &notice(Notice::Parted { from: device(6) })),
        form("payload-outline", &Payload::Outline(outline())),
        form("payload-people", &Payload::People(people())),
        form("left", &left()),
        form("payload-notice-4-erase", &notice(Notice::Erase(erasure()))),
    ];
    all.extend(entries());
    all.extend(frames());
    all
}

/// What is read as a type, by its name.
fn form_of<T>(forms: &[Form]) -> Form {
    let name = std::any::type_name::<T>().rsplit("::").next();
    *forms.iter().find(|form| Some(form.name) == name).unwrap()
}

fn form<T: Canonical>(name: &str, value: &T) -> Sample {
    Sample { name: name.to_owned(), bytes: value.to_bytes(), form: form_of::<T>(SEALED) }
}

fn frame<T: Frame>(value: &T) -> Sample {
    named_frame("", value)
}

fn named_frame<T: Frame>(more: &str, value: &T) -> Sample {
    let name = format!("frame-{:02}-{}{more}", T::KIND, T::NAME);
    Sample { name, bytes: value.to_frame(), form: form_of::<T>(FRAMES) }
}

fn sealed(number: u8, counter: u64) -> Envelope {
    let prev_id = if counter == 1 { EnvelopeId::NONE } else { EnvelopeId([8; 32]) };
    envelope(number, 1, counter, prev_id, (5, 24))
}

fn position(counter: u64) -> Position {
    Position { counter, id: EnvelopeId([6; 32]) }
}

fn have() -> Have {
    let lane = |number, generation| Lane { device: device(number), generation };
    [(lane(1, 1), position(7)), (lane(1, 2), position(1)), (lane(2, 1), position(40))]
        .into_iter()
        .collect()
}

fn mark(seq: u64) -> Mark {
    Mark { seq, chain: Chain([9; 32]) }
}

fn cursor() -> Cursor {
    Cursor { log_epoch: LogEpoch([0xe1; 16]), mark: mark(1000) }
}

fn changes() -> Payload {
    Payload::Changes {
        document: DocumentName::new("chart", [3; 16]).unwrap(),
        changes: vec![b"one".to_vec(), Vec::new(), b"three".to_vec()],
    }
}

fn abridged() -> Payload {
    Payload::Abridged {
        document: DocumentName::new("chart", [3; 16]).unwrap(),
        changes: vec![b"\x01body".to_vec(), b"\x02rest".to_vec()],
    }
}

fn part() -> Payload {
    let document = DocumentName::new("chart", [3; 16]).unwrap();
    Payload::Part { document, part: 1, parts: 2, bytes: b"the rest".to_vec() }
}

fn batches() -> Batches {
    let batch = |kind, id, changes: &[&[u8]]| {
        let document = DocumentName::new(kind, [id; 16]).unwrap();
        Batch { document, changes: changes.iter().map(|change| change.to_vec()).collect() }
    };
    let batches = vec![batch("chart", 1, &[b"\x01one", b"\x02two"]), batch("draft", 2, &[b"\x01"])];
    Batches::new([5; 16], batches).unwrap()
}

fn pack() -> Pack {
    let packed = |kind, id, bytes: &[u8]| {
        let document = DocumentName::new(kind, [id; 16]).unwrap();
        Packed { document, bytes: bytes.to_vec() }
    };
    Pack::new([4; 16], vec![packed("chart", 1, b"whole"), packed("chart", 2, b"too")]).unwrap()
}

fn floor() -> Floor {
    let covered_by = vec![EnvelopeId([7; 32]), EnvelopeId([8; 32])];
    Floor::new((cursor(), have()), covered_by, 1_700_000_000_000).unwrap()
}

fn outline() -> Outline {
    let follow = vec![Planned { charts: 3, bytes: 900 }, Planned { charts: 256, bytes: 70_000 }];
    Outline::new(cursor(), 1, follow).unwrap()
}

fn people() -> People {
    let about = br#"{"name":[{"family":"Okello"}],"gender":"female"}"#.to_vec();
    let one = Listed { id: [9; 16], first: 1, last: 1, about };
    let other = Listed { id: [10; 16], first: 1, last: 3, about: Vec::new() };
    People::new(cursor(), vec![one, other]).unwrap()
}

fn left() -> Left {
    Left { log_epoch: LogEpoch([0xe1; 16]), from: mark(1000), to: mark(1002) }
}

fn erasure() -> Erasure {
    let document = DocumentName::new("chart", [3; 16]).unwrap();
    let tags = vec![DocTag([4; 32]), DocTag([5; 32])];
    let texts = ("MRN-0042".to_owned(), "asked for by the patient".to_owned());
    Erasure::new(document, tags, texts, ([6; 16], 1_700_000_000_000)).unwrap()
}

fn notice(notice: Notice) -> Payload {
    Payload::Notice(notice)
}

fn revoke() -> Revoke {
    Revoke { device: device(2), cut: vec![(1, position(7)), (3, position(1))] }
}

fn members_head() -> MembersHead {
    MembersHead { count: 3, hash: EntryHash([4; 32]) }
}

fn signed(index: u32, signer: u8, body: EntryBody) -> SignedEntry {
    let prev = EntryHash([if index == 0 { 0 } else { 2 }; 32]);
    let author = VerifyKey([0; 32]);
    let entry = Entry { clinic: clinic(1), index, prev, at_ms: 1_700_000_000_000, author, body };
    SignedEntry::sign(entry, &key(signer))
}

fn found() -> SignedEntry {
    signed(
        0,
        1,
        EntryBody::Found(Found {
            device: device(1),
            hpke_key: HpkeKey([0x31; 32]),
            sealed_name: b"sealed".to_vec(),
            commitment: Commitment([0xc1; 32]),
        }),
    )
}

fn entries() -> Vec<Sample> {
    let invite = Invite {
        invite_key: VerifyKey(key(101).public_key()),
        role: Role::Member,
        expires_at_ms: 1_700_000_600_000,
    };
    let join = Join::prove(clinic(1), device(2), HpkeKey([0x32; 32]), b"sealed".to_vec(), &key(2));
    let epoch = Epoch {
        number: 2,
        commitment: Commitment([0xc2; 32]),
        keys: vec![
            SealedKey { device: device(1), sealed: vec![1; 81] },
            SealedKey { device: device(3), sealed: vec![3; 81] },
        ],
    };
    let join_of_kit = Join::prove(clinic(1), device(5), HpkeKey([0x35; 32]), Vec::new(), &key(5));
    let kit = Kit { join: join_of_kit, sealed: b"sealed to the kit".to_vec() };
    vec![
        form("entry-1-found", &found()),
        form("entry-2-invite", &signed(1, 1, EntryBody::Invite(invite))),
        form("entry-3-join", &signed(2, 101, EntryBody::Join(join))),
        form("entry-4-revoke", &signed(3, 1, EntryBody::Revoke(revoke()))),
        form("entry-5-epoch", &signed(4, 1, EntryBody::Epoch(epoch))),
        form("entry-6-kit", &signed(5, 1, EntryBody::Kit(kit))),
    ]
}

fn frames() -> Vec<Sample> {
    let families = [
        hello_frames(),
        log_frames(),
        blob_frames(),
        auth_frames(),
        other_frames(),
        room_frames(),
        refusal_frames(),
    ];
    families.into_iter().flatten().collect()
}

fn hello_frames() -> Vec<Sample> {
    let request = HelloRequest {
        clinic: clinic(1),
        device: device(1),
        cursor: Some(cursor()),
        own: Some((2, position(7))),
        members: members_head(),
    };
    let same = HelloReply {
        log: LogVerdict::Same,
        head: 1000,
        floor: 0,
        keys_head: 12,
        own: OwnVerdict::Same,
        members: None,
        now_ms: 1_700_000_000_000,
    };
    let idle = named_frame("-same", &same);
    let other = HelloReply {
        log: LogVerdict::Other { log_epoch: LogEpoch([0xe2; 16]), have: have() },
        own: OwnVerdict::Held(vec![(1, position(7)), (2, position(1))]),
        members: Some(members_head()),
        ..same
    };
    let known = frame(&request);
    vec![
        known,
        named_frame("-first", &HelloRequest { cursor: None, own: None, ..request }),
        idle,
        named_frame("-other", &other),
    ]
}

fn log_frames() -> Vec<Sample> {
    let key = WrappedKey { doc_tag: DocTag([7; 32]), wrapped: vec![0x77; 85] };
    let brief = Brief { lane: Lane { device: device(1), generation: 1 }, position: position(7) };
    let verdicts = vec![
        Verdict::Stored { seq: 1 },
        Verdict::Duplicate { seq: 2 },
        Verdict::Forked { seq: 3 },
        Verdict::Gap { have: 4 },
        Verdict::Refused(Refused::WrongClinic),
        Verdict::Refused(Refused::UnknownDevice),
        Verdict::Refused(Refused::BadSignature),
        Verdict::Refused(Refused::TooManyForks),
        Verdict::Refused(Refused::Kind),
        Verdict::Refused(Refused::OverQuota),
    ];
    let log_epoch = LogEpoch([0xe1; 16]);
    let two = run(3, 1, 2);
    let page = PullPage {
        log_epoch,
        start: mark(1000),
        items: vec![
            Item::Whole(sealed(2, 1)),
            Item::Brief(brief),
            Item::Whole(two[0].clone()),
            Item::Brief(Brief { position: position(8), ..brief }),
            Item::Whole(two[1].clone()),
        ],
        end: mark(1005),
        head: 1005,
        keys_head: 13,
        members: members_head(),
    };
    vec![
        frame(&PushRequest {
            clinic: clinic(1),
            keys: vec![key.clone()],
            envelopes: [&[sealed(1, 1), sealed(1, 2)][..], &two].concat(),
        }),
        frame(&PushReply { verdicts, keys: Some(KeysPlaced { before: 12, after: 13 }) }),
        frame(&PullRequest {
            clinic: clinic(1),
            log_epoch,
            after: 1000,
            skip: have(),
            items: 4096,
            bytes: 65_536,
        }),
        frame(&LaneRequest { clinic: clinic(1), lane: brief.lane, after: 7, through: 9 }),
        frame(&page),
        frame(&KeysRequest { clinic: clinic(1), after: 12 }),
        frame(&KeysPage { keys: vec![key], end: 13, head: 13 }),
        frame(&bundle_head()),
        frame(&bundle_end()),
    ]
}

fn bundle_head() -> BundleHead {
    let (clinic, device) = (clinic(1), device(1));
    BundleHead { clinic, device, made_at_ms: 1_000, members: members_head(), have: have() }
}

fn bundle_end() -> BundleEnd {
    BundleEnd::sign(12, [0xd1; 32], &key(1))
}

fn blob_frames() -> Vec<Sample> {
    let ids = vec![BlobId([0xc1; 32]), BlobId([0xc2; 32])];
    vec![
        frame(&BlobStored { id: BlobId([0xc1; 32]), bytes: 70_000 }),
        frame(&BlobsRequest { clinic: clinic(1), ids }),
        frame(&BlobsHeld { ids: vec![BlobId([0xc2; 32])] }),
        frame(&BlobPartRequest { clinic: clinic(1), id: BlobId([0xc1; 32]), from: 262_144 }),
        frame(&BlobPart { bytes: 262_149, part: b"bytes".to_vec() }),
        frame(&FloorPut {
            clinic: clinic(1),
            mark: mark(1000),
            snapshot: EnvelopeId([0xd1; 32]),
            countersign: EnvelopeId([0xd2; 32]),
            cold: true,
        }),
        frame(&FloorStored { floor: 1000 }),
        frame(&ErasePut {
            clinic: clinic(1),
            notice: EnvelopeId([0xd3; 32]),
            tags: vec![DocTag([4; 32]), DocTag([5; 32])],
        }),
        frame(&KeysErased { gone: 2 }),
    ]
}

fn auth_frames() -> Vec<Sample> {
    let principal = Principal::Device(device(1));
    let request = ChallengeRequest { clinic: clinic(1), principal };
    let invited = Principal::Invite(VerifyKey(key(101).public_key()));
    let challenge = Challenge { nonce: ChallengeNonce([0xaa; 32]), expires_at_ms: 1_000 };
    let answer = TokenRequest::sign(request, &challenge, &ServerPin([0xbb; 32]), &key(1));
    vec![
        frame(&request),
        named_frame("-invite", &ChallengeRequest { principal: invited, ..request }),
        frame(&challenge),
        frame(&answer),
        frame(&TokenGrant { token: Token([0xcc; 32]), expires_at_ms: 900_000 }),
    ]
}

fn other_frames() -> Vec<Sample> {
    let id = InviteId([0xdd; 32]);
    let head = members_head();
    vec![
        frame(&InvitePut {
            clinic: clinic(1),
            id,
            expires_at_ms: 1_700_000_600_000,
            blob: b"blob".to_vec(),
        }),
        frame(&InviteStored),
        frame(&InviteGet { id }),
        frame(&InviteBlob { blob: b"blob".to_vec() }),
        frame(&MembersRequest { clinic: clinic(1), from: 3 }),
        frame(&MembersPage { entries: vec![found()], head }),
        frame(&MembersPush { clinic: clinic(1), entries: vec![found()] }),
        frame(&MembersReply { verdict: MembersVerdict::Stored, head }),
        named_frame(
            "-refused",
            &MembersReply { verdict: MembersVerdict::Refused(EntryError::LastAdmin), head },
        ),
        refusal_frame("", RefusalCode::Busy, 30),
    ]
}

fn room_frames() -> Vec<Sample> {
    let room = RoomId([0xcd; 32]);
    let message = |place| RoomMessage { place, bytes: vec![0x40 + place; 5] };
    let opened = |verdict| RoomOpened { verdict };
    vec![
        frame(&RoomOpen { clinic: clinic(1), room, life_s: 600 }),
        frame(&opened(RoomVerdict::Open { ends_at_ms: 1_700_000_600_000 })),
        named_frame("-taken", &opened(RoomVerdict::Taken)),
        named_frame("-too-many", &opened(RoomVerdict::TooMany)),
        frame(&RoomPut { room, message: message(2) }),
        frame(&RoomStored::Kept),
        named_frame("-taken", &RoomStored::Taken),
        frame(&RoomGet { room }),
        frame(&RoomMessages { messages: vec![message(0), message(3)] }),
        named_frame("-empty", &RoomMessages::default()),
    ]
}

fn refusal_frames() -> Vec<Sample> {
    let of = |code: RefusalCode| refusal_frame(&format!("-{code:?}"), code, 0);
    RefusalCode::ALL.into_iter().map(of).collect()
}

fn refusal_frame(more: &str, code: RefusalCode, retry_after_s: u32) -> Sample {
    named_frame(more, &Refusal { code, retry_after_s })
}
