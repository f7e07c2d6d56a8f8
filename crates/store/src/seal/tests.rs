use super::*;

const NONCE: [u8; NONCE_LENGTH] = [9; NONCE_LENGTH];

fn key(byte: u8) -> MasterKey {
    MasterKey::from_bytes([byte; 32])
}

#[test]
fn sealed_secret_opens_for_its_own_record_only() {
    let names: Vec<String> = (0..20).map(|n| format!("1/access-key/AKIA{n}")).collect();
    let sealed: Vec<Sealed> = names
        .iter()
        .map(|n| key(1).seal(n.as_bytes(), n, NONCE).unwrap())
        .collect();
    let mut swapped = 0;
    for (i, secret) in sealed.iter().enumerate() {
        for (j, name) in names.iter().enumerate() {
            let opened = key(1).open(secret, name);
            if i == j {
                assert_eq!(opened.unwrap().as_slice(), name.as_bytes());
            } else {
                assert_eq!(opened, Err(SealError));
                swapped += 1;
            }
        }
    }
    assert_eq!(swapped, 380);
}

#[test]
fn every_changed_byte_and_every_cut_is_noticed() {
    let sealed = key(1).seal(b"secret", "r", NONCE).unwrap();
    let bytes = STANDARD.decode(sealed.as_text()).unwrap();
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut changed = bytes.clone();
            changed[at] ^= 1 << bit;
            let changed = Sealed::from_text(STANDARD.encode(changed));
            assert_eq!(key(1).open(&changed, "r"), Err(SealError));
        }
        let cut = Sealed::from_text(STANDARD.encode(&bytes[..at]));
        assert_eq!(key(1).open(&cut, "r"), Err(SealError));
    }
    assert_eq!(key(2).open(&sealed, "r"), Err(SealError));
    assert_eq!(
        key(1).open(&Sealed::from_text("not base64!"), "r"),
        Err(SealError)
    );
}

#[test]
fn sealed_secret_matches_the_known_answer() {
    // draft-irtf-cfrg-xchacha-03, appendix A.3.1 (AEAD_XCHACHA20_POLY1305).
    let text = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip \
                 for the future, sunscreen would be it.";
    let mut bytes = [0; 32];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = 0x80 + at as u8;
    }
    let mut nonce = [0; NONCE_LENGTH];
    for (at, byte) in nonce.iter_mut().enumerate() {
        *byte = 0x40 + at as u8;
    }
    // The draft's associated data is not text, so only the ciphertext is compared.
    let sealed = MasterKey::from_bytes(bytes).seal(text, "", nonce).unwrap();
    let sealed = STANDARD.decode(sealed.as_text()).unwrap();
    let start = [
        0xbd, 0x6d, 0x17, 0x9d, 0x3e, 0x83, 0xd4, 0x3b, 0x95, 0x76, 0x57, 0x94,
    ];
    assert_eq!(&sealed[25..37], &start);
}

#[test]
fn key_file_is_made_once_private_and_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("master.key");
    assert!(matches!(
        MasterKey::load(&path),
        Err(MasterKeyError::Missing(_))
    ));
    let made = MasterKey::load_or_create(&path).unwrap();
    assert_eq!(
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let found = MasterKey::load_or_create(&path).unwrap();
    let sealed = made.seal(b"x", "r", NONCE).unwrap();
    assert_eq!(found.open(&sealed, "r").unwrap().as_slice(), b"x");
    assert!(found.made(&made.check_value().unwrap()));
    assert!(!key(1).made(&made.check_value().unwrap()));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn older_keys_open_and_the_current_one_seals() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("master.key");
    let first = MasterKey::load_or_create(&path).unwrap();
    let (first_id, old) = (first.id(), first.seal(b"old", "r", NONCE).unwrap());
    let digests = first.digest_key(None, None).unwrap();
    let check = first.check_value().unwrap();
    let both = first.add_new(&path).unwrap();
    let mut read = MasterKey::load(&path).unwrap();
    assert_eq!(read.ids(), both.ids());
    assert_eq!(read.ids()[1], first_id);
    assert!(read.has_older() && read.id() != first_id);
    let new = both.seal(b"new", "r", NONCE).unwrap();
    assert_eq!(read.open(&old, "r").unwrap().as_slice(), b"old");
    assert_eq!(read.open(&new, "r").unwrap().as_slice(), b"new");
    assert!(read.open(&old, "s").is_err());
    assert!(read.is_current(&new, "r") && !read.is_current(&old, "r"));
    assert!(read.made(&check) && !read.made_now(&check));
    // The journal's digests keep their key.
    let kept = read.keep(&digests).unwrap();
    for found in [
        read.digest_key(Some(&check), None),
        read.digest_key(Some(&check), Some(&kept)),
    ] {
        assert_eq!(*found.unwrap().0, *digests.0);
    }
    read.forget_older(&path).unwrap();
    let alone = MasterKey::load(&path).unwrap();
    assert_eq!(alone.ids(), both.ids()[..1]);
    assert!(alone.open(&old, "r").is_err() && alone.open(&new, "r").is_ok());
    let found = alone.digest_key(Some(&check), Some(&kept)).unwrap();
    assert_eq!(*found.0, *digests.0);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let mut key = alone;
    for _ in 1..MAX_KEYS {
        key = key.add_new(&path).unwrap();
    }
    assert!(matches!(
        key.add_new(&path),
        Err(MasterKeyError::TooMany(_))
    ));
    assert_eq!(MasterKey::load(&path).unwrap().ids().len(), MAX_KEYS);
}

#[test]
fn key_file_that_others_may_read_or_that_is_no_key_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("master.key");
    MasterKey::load_or_create(&path).unwrap();
    for mode in [0o640, 0o604, 0o660, 0o644, 0o610] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        let refused = MasterKey::load_or_create(&path);
        assert!(
            matches!(refused, Err(MasterKeyError::Exposed { .. })),
            "{mode:o}"
        );
    }
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o400)).unwrap();
    assert!(MasterKey::load(&path).is_ok());
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    for text in [
        "",
        "postern-master-key-1",
        "postern-master-key-1 c2hvcnQ=",
        "\u{0}\u{1}",
    ] {
        std::fs::write(&path, text).unwrap();
        let refused = MasterKey::load_or_create(&path);
        assert!(
            matches!(refused, Err(MasterKeyError::NotAKey(_))),
            "{text:?}"
        );
    }
}
