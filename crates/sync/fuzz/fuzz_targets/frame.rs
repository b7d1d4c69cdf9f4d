//! Any bytes as any frame: refused, or the one encoding of what is read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sync::bundle::{BundleEnd, BundleHead};
use sync::wire::*;

fn check<T: Frame>(bytes: &[u8]) {
    if let Ok(value) = T::from_frame(bytes) {
        assert_eq!(value.to_frame(), bytes, "{}", T::NAME);
    }
}

fuzz_target!(|bytes: &[u8]| {
    check::<HelloRequest>(bytes);
    check::<HelloReply>(bytes);
    check::<PushRequest>(bytes);
    check::<PushReply>(bytes);
    check::<PullRequest>(bytes);
    check::<PullPage>(bytes);
    check::<ChallengeRequest>(bytes);
    check::<Challenge>(bytes);
    check::<TokenRequest>(bytes);
    check::<TokenGrant>(bytes);
    check::<InvitePut>(bytes);
    check::<InviteStored>(bytes);
    check::<InviteGet>(bytes);
    check::<InviteBlob>(bytes);
    check::<MembersRequest>(bytes);
    check::<MembersPage>(bytes);
    check::<MembersPush>(bytes);
    check::<MembersReply>(bytes);
    check::<KeysRequest>(bytes);
    check::<KeysPage>(bytes);
    check::<BlobStored>(bytes);
    check::<BlobsRequest>(bytes);
    check::<BlobsHeld>(bytes);
    check::<FloorPut>(bytes);
    check::<FloorStored>(bytes);
    check::<ErasePut>(bytes);
    check::<KeysErased>(bytes);
    check::<RoomOpen>(bytes);
    check::<RoomOpened>(bytes);
    check::<RoomPut>(bytes);
    check::<RoomStored>(bytes);
    check::<RoomGet>(bytes);
    check::<RoomMessages>(bytes);
    check::<Refusal>(bytes);
    check::<BundleHead>(bytes);
    check::<BundleEnd>(bytes);
});
