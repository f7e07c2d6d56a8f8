//! Attempts to get more than was given, each named by a sentence. All of them are refused with the code that stands beside
//! them, and after each the account's records are what they were.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail the test"
)]

#[path = "../support_sts/mod.rs"]
mod support_sts;

mod accounts;
mod book;
mod identity;
mod sessions;
mod tags;

use book::Book;

#[tokio::test]
async fn every_attempt_to_get_more_than_was_given_is_refused_and_changes_nothing() {
    let mut book = Book::new().await;
    identity::attempts(&mut book).await;
    sessions::attempts(&mut book).await;
    tags::attempts(&mut book).await;
    accounts::attempts(&mut book).await;
    let count = book.close().await;
    assert!(count >= 144, "only {count} attempts");
}
