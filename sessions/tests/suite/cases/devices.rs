//! The list of an account's devices, and ending them from elsewhere.

use crate::support::{Browser, Fleet};

/// Case 13.
pub(super) async fn devices_are_listed_and_ended_one_by_one(fleet: &Fleet) {
    let mut browsers = Vec::new();
    for agent in ["Firefox/1%20Windows", "Chrome/1%20Android", "Safari/1%20iPhone"] {
        let mut browser = Browser::default();
        browser.post(&fleet.a, &format!("/login?account=alice&agent={agent}")).await;
        browsers.push(browser);
    }
    let [laptop, phone, _] = browsers.as_mut_slice() else { unreachable!() };
    let page = laptop.get(&fleet.b, "/devices").await.body;
    assert_eq!(page.lines().count(), 3, "{page}");
    let this: Vec<_> = page.lines().filter(|line| line.starts_with("this ")).collect();
    assert!(matches!(this.as_slice(), [line] if line.ends_with("Firefox on Windows")), "{page}");
    let handle = |mark: &str| {
        let line = page.lines().find(|line| line.ends_with(mark)).unwrap();
        line.split(' ').nth(1).unwrap().to_owned()
    };

    let of_phone = handle("Chrome on Android");
    assert_eq!(laptop.post(&fleet.a, &format!("/devices/end?handle={of_phone}")).await.status, 204);
    assert_eq!(phone.get(&fleet.b, "/why").await.body, "elsewhere");
    assert_eq!(phone.get(&fleet.b, "/dashboard").await.status, 303);
    assert_eq!(laptop.get(&fleet.b, "/devices").await.body.lines().count(), 2);
    assert_eq!(laptop.post(&fleet.a, &format!("/devices/end?handle={of_phone}")).await.status, 404);
    // A handle is no cookie, in whatever combination.
    for value in [of_phone.clone(), format!("{of_phone}{of_phone}")] {
        let mut forger = Browser::sending(&format!("__Host-cardstore={value}"));
        assert_eq!(forger.get(&fleet.a, "/dashboard").await.status, 303);
    }
}

/// Case 14.
pub(super) async fn nobody_ends_somebody_elses_device(fleet: &Fleet) {
    let mut victim = fleet.signed_in("victim").await;
    let page = victim.get(&fleet.a, "/devices").await.body;
    let handle = page.split(' ').nth(1).unwrap();
    let mut thief = fleet.signed_in("thief").await;
    assert_eq!(thief.post(&fleet.a, &format!("/devices/end?handle={handle}")).await.status, 404);
    assert_eq!(thief.post(&fleet.a, "/devices/end?handle=nonsense").await.status, 404);
    assert_eq!(victim.get(&fleet.b, "/dashboard").await.body, "victim");
    assert_eq!(fleet.redis.listed("victim"), 1);
}
