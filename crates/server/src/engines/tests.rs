use brokers::engine::catalogue::{FeatureTrial, FileDigest, Source};

use super::*;

/// A folder as an installation leaves it, without an engine in it.
fn pretend(folder: &Path, version: &str) {
    let home = folder.join("activemq").join(version);
    std::fs::create_dir_all(home.join("lib")).unwrap();
    std::fs::write(home.join("lib/a.jar"), version).unwrap();
    let trial = FeatureTrial {
        works: false,
        seen: "not tried".to_owned(),
    };
    let catalogue = CatalogueEntry {
        format: CatalogueEntry::FORMAT,
        engine: "ACTIVEMQ".to_owned(),
        version: version.to_owned(),
        line: line_of(version).unwrap(),
        offered_by_amazon: true,
        source: Source::Modules,
        java_minimum: 11,
        java_tried: "none".to_owned(),
        class_path: vec!["lib/a.jar".to_owned()],
        console_class_path: Vec::new(),
        fetched: Vec::new(),
        files: vec![FileDigest {
            path: "lib/a.jar".to_owned(),
            sha256: checksums::of_file(&home.join("lib/a.jar")).unwrap(),
        }],
        pinned: false,
        protocols: Vec::new(),
        console: trial.clone(),
        management: trial.clone(),
        class_data_archive: trial,
        vulnerabilities: Vec::new(),
    };
    let text = serde_json::to_vec(&catalogue).unwrap();
    std::fs::write(home.join(CATALOGUE), text).unwrap();
}

#[test]
fn versions_live_side_by_side_newest_first() {
    let folder = tempfile::tempdir().unwrap();
    let engines = Engines::open(folder.path());
    assert!(engines.list().unwrap().is_empty());
    for version in ["5.18.6", "5.18.10", "6.1.7"] {
        pretend(folder.path(), version);
    }
    // Not installed: no catalogue, an unreadable one, one of another version.
    let activemq = folder.path().join("activemq");
    std::fs::create_dir(activemq.join("5.19.0")).unwrap();
    std::fs::create_dir(activemq.join("5.19.1")).unwrap();
    std::fs::write(activemq.join("5.19.1").join(CATALOGUE), "{").unwrap();
    std::fs::create_dir(activemq.join("5.19.2")).unwrap();
    std::fs::copy(
        activemq.join("6.1.7").join(CATALOGUE),
        activemq.join("5.19.2").join(CATALOGUE),
    )
    .unwrap();
    let versions: Vec<String> = engines
        .list()
        .unwrap()
        .into_iter()
        .map(|engine| engine.catalogue.version)
        .collect();
    assert_eq!(versions, ["6.1.7", "5.18.10", "5.18.6"]);
    let found = |name: &str| {
        let found = engines.find(name).unwrap();
        found.map(|engine| engine.catalogue.version)
    };
    assert_eq!(found("5.18").as_deref(), Some("5.18.10"));
    assert_eq!(found("5.18.6").as_deref(), Some("5.18.6"));
    assert_eq!(found("5.19"), None);
    assert_eq!(found(".."), None);
}

#[test]
fn damaged_missing_and_foreign_files_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let engines = Engines::open(folder.path());
    pretend(folder.path(), "5.18.6");
    assert!(engines.verify("5.18.6").unwrap().is_intact());
    let lib = folder.path().join("activemq/5.18.6/lib");
    std::fs::write(lib.join("evil.jar"), "x").unwrap();
    std::fs::write(lib.join("a.jar"), "changed").unwrap();
    let verification = engines.verify("5.18.6").unwrap();
    assert_eq!(verification.damaged, ["lib/a.jar"]);
    assert_eq!(verification.unknown, ["lib/evil.jar"]);
    std::fs::remove_file(lib.join("a.jar")).unwrap();
    assert_eq!(engines.verify("5.18.6").unwrap().damaged, ["lib/a.jar"]);
    assert!(matches!(
        engines.verify("5.18.7"),
        Err(EngineError::NotInstalled { .. })
    ));
}
