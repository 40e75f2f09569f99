//! Versions of servers.

use std::fmt;
use std::str::FromStr;

/// A server's version: up to three numbers, as in `1.22` or `2.6.12`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version([u16; 3]);

impl Version {
    /// A version by its numbers.
    pub const fn new(major: u16, minor: u16, patch: u16) -> Self {
        Self([major, minor, patch])
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self([major, minor, patch]) = self;
        write!(f, "{major}.{minor}")?;
        if *patch > 0 { write!(f, ".{patch}") } else { Ok(()) }
    }
}

impl FromStr for Version {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let mut numbers = [0; 3];
        let mut places = numbers.iter_mut();
        for part in text.split('.') {
            *places.next().ok_or(())? = part.parse().map_err(|_error| ())?;
        }
        Ok(Self(numbers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_and_compared() {
        let version = |text: &str| text.parse::<Version>().unwrap();
        assert_eq!(version("1.22"), Version::new(1, 22, 0));
        assert!(version("1.29.3") > version("1.22.1"));
        assert_eq!(version("1.29.3").to_string(), "1.29.3");
        for bad in ["", "x", "1.2.3.4", "1..2", "-1"] {
            assert!(bad.parse::<Version>().is_err(), "{bad}");
        }
    }
}
