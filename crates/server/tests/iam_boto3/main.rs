//! boto3 calls every IAM operation of the table, and every answer is compared with botocore's service model: no element that
//! the model does not have, none missing that it requires, all in the model's order.

use std::process::{Command, Stdio};

use server::clock::{Clock, SystemClock};
use testkit::{Postern, ROOT_KEY_ID, ROOT_SECRET};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/iam_boto3/calls.py");

#[tokio::test(flavor = "multi_thread")]
async fn boto3_understands_every_answer() {
    let imports = Command::new("python3")
        .args(["-c", "import boto3"])
        .stderr(Stdio::null())
        .status();
    if !imports.is_ok_and(|status| status.success()) {
        println!("skipped: python3 with boto3 not found");
        return;
    }
    let postern = Postern::start().await.unwrap();
    // botocore signs with the machine's time.
    postern.clock.set(SystemClock.now());
    let output = Command::new("python3")
        .arg(SCRIPT)
        .arg(format!("http://{}", postern.service().address()))
        .env("AWS_ACCESS_KEY_ID", ROOT_KEY_ID)
        .env("AWS_SECRET_ACCESS_KEY", ROOT_SECRET)
        .env("AWS_DEFAULT_REGION", "us-east-1")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    println!("{printed}");
    assert!(
        output.status.success(),
        "{printed}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    postern.stop().await;
}
