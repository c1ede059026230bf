//! Fills the store that the environment names, with the settings of a node.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use backend::seeding::{Size, username};
use backend::{Settings, Store, images, mail};
use clap::{Parser, Subcommand};
use demo::catalogue::Catalogue;
use demo::{Filled, Letters, PASSWORD, PEOPLE};

/// Fills an empty store with people, cards and sales. One with accounts is left alone.
#[derive(Parser)]
struct Options {
    /// `sqlite://FILE` or `postgres://…`.
    #[arg(long, env = "DATABASE_URL", default_value = "sqlite://cardstore.db", hide_env_values = true)]
    database_url: String,
    /// The origin that links in mail start with.
    #[arg(long, env = "CARDSTORE_PUBLIC_URL", default_value = "http://localhost:8080")]
    public_url: String,
    /// The bucket for pictures.
    #[arg(long, env = "S3_BUCKET", default_value = "cardstore")]
    s3_bucket: String,
    /// The bucket's region.
    #[arg(long, env = "AWS_REGION", default_value = "us-east-1")]
    aws_region: String,
    /// An S3 other than Amazon's.
    #[arg(long, env = "AWS_ENDPOINT_URL_S3")]
    s3_endpoint: Option<String>,
    /// Without keys, the machine's role is used.
    #[arg(long, env = "AWS_ACCESS_KEY_ID", requires = "aws_secret_access_key", hide_env_values = true)]
    aws_access_key_id: Option<String>,
    /// Belongs to the access key.
    #[arg(long, env = "AWS_SECRET_ACCESS_KEY", requires = "aws_access_key_id", hide_env_values = true)]
    aws_secret_access_key: Option<String>,
    /// A CDN in front of the bucket.
    #[arg(long, env = "IMAGE_BASE_URL")]
    image_base_url: Option<String>,
    /// The sender of mail.
    #[arg(long, env = "MAIL_FROM", default_value = "CardStore <cardstore@example.com>")]
    mail_from: String,
    /// Where the nodes write mail as files: the demo's people find their activation links there.
    #[arg(long, env = "MAIL_DIR", default_value = "mail")]
    mail_dir: PathBuf,
    /// Must be missing: nobody could read mail to the demo's people.
    #[arg(long, env = "SMTP_URL", hide_env_values = true)]
    smtp_url: Option<String>,
    #[command(subcommand)]
    instead: Option<Instead>,
}

#[derive(Clone, Copy, Subcommand)]
enum Instead {
    /// Makes the store as large as this, for measuring; it may have people and cards already.
    Seed {
        #[arg(long, default_value_t = 100_000)]
        accounts: usize,
        #[arg(long, default_value_t = 1_000_000)]
        cards: usize,
    },
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> ExitCode {
    match run(Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // A terminal that is gone wants no last words.
            let _ = writeln!(std::io::stderr(), "The store was not filled: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> Result<(), Failure> {
    if let Some(Instead::Seed { accounts, cards }) = options.instead {
        let store = Store::open(settings(options)).await?;
        let seeded = demo::seed(&store, Size { accounts, cards }, |line| say(&line)).await?;
        say(&format!(
            "{} accounts, {} cards, {} of them on the market, {} sales. Sign in as {} with the password {PASSWORD}.",
            seeded.accounts,
            seeded.cards,
            seeded.listings,
            seeded.sales,
            username(0)
        ));
        return Ok(());
    }
    if options.smtp_url.is_some() {
        return Err(
            "SMTP_URL is set, and nobody reads mail to the demo's people; use a store with MAIL_DIR.".into(),
        );
    }
    let letters = Letters::in_folder(options.mail_dir.clone());
    let store = Store::open(settings(options)).await?;
    let filled = demo::fill(&store, &letters, &Catalogue::draw_up(), |line| say(&line)).await?;
    say(&match filled {
        Filled::Before => "The store has accounts already; nothing was added.".to_owned(),
        Filled::Now { people, cards, sales, listings } => format!(
            "{people} people, {cards} cards, {sales} sales, {listings} on the market. \
             Sign in as {} with the password {PASSWORD}.",
            PEOPLE[0]
        ),
    });
    Ok(())
}

fn settings(options: Options) -> Settings {
    Settings {
        database_url: options.database_url,
        public_url: options.public_url,
        images: images::Settings {
            bucket: options.s3_bucket,
            region: options.aws_region,
            endpoint: options.s3_endpoint,
            base_url: options.image_base_url,
            keys: options.aws_access_key_id.zip(options.aws_secret_access_key),
        },
        mail: mail::Settings {
            from: options.mail_from,
            transport: mail::Transport::Files { folder: options.mail_dir },
        },
    }
}

/// A pipe that was closed is no reason to stop half-way.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
