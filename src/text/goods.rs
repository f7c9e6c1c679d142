//! Names of goods, services and contracts, as lists, contracts and invoices print them.

use super::normal::{edit_distance, squash};

/// The name of goods without the tax class (`*计算机网络设备*边缘网关`).
pub fn goods(name: &str) -> String {
    let name = squash(name);
    match name.strip_prefix('*').and_then(|rest| rest.split_once('*')) {
        Some((_, rest)) if !rest.is_empty() => rest.to_owned(),
        _ => name,
    }
}

/// The tax class printed before the name of goods: 餐饮服务 of `*餐饮服务*餐费`.
pub fn tax_class(name: &str) -> Option<String> {
    let name = squash(name);
    let (class, _) = name.strip_prefix('*')?.split_once('*')?;
    (!class.is_empty()).then(|| class.to_owned())
}

/// A name made ready to be compared with many others.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Name {
    text: String,
    chars: Vec<char>,
    /// The characters in order, for a bound on the likeness that costs little.
    bag: Vec<char>,
}

impl Name {
    /// Squashed, in small letters.
    pub fn new(name: &str) -> Self {
        let text = squash(name).to_lowercase();
        let chars: Vec<char> = text.chars().collect();
        let mut bag = chars.clone();
        bag.sort_unstable();
        Self { text, chars, bag }
    }

    /// The text that is compared.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// How many characters it has.
    pub fn len(&self) -> usize {
        self.chars.len()
    }

    /// Whether there is nothing to compare.
    pub fn is_empty(&self) -> bool {
        self.chars.is_empty()
    }

    /// How alike two names are, 0 to 1; containing counts nearly as much as equality. Below `least` the likeness is not
    /// worked out, and 0 stands for it.
    pub fn alike(&self, other: &Self, least: f32) -> f32 {
        let (m, n) = (self.len(), other.len());
        if m < 2 || n < 2 {
            return 0.0;
        }
        if self.text == other.text {
            return 1.0;
        }
        let (short, long) = if m <= n { (self, other) } else { (other, self) };
        let shared = short.shared(long);
        if shared == short.len() && long.text.contains(&short.text) {
            return 0.8 + 0.15 * (short.len() as f32 / long.len() as f32);
        }
        // No more characters can stay in place than the names share.
        if (shared as f32 / long.len() as f32) < least {
            return 0.0;
        }
        1.0 - edit_distance(&self.chars, &other.chars) as f32 / long.len() as f32
    }

    /// How many characters the names have in common, wherever they stand.
    fn shared(&self, other: &Self) -> usize {
        let (mut i, mut j, mut count) = (0, 0, 0);
        while let (Some(a), Some(b)) = (self.bag.get(i), other.bag.get(j)) {
            match a.cmp(b) {
                std::cmp::Ordering::Less => i += 1,
                std::cmp::Ordering::Greater => j += 1,
                std::cmp::Ordering::Equal => {
                    (i, j, count) = (i + 1, j + 1, count + 1);
                }
            }
        }
        count
    }

    /// The share of pairs of neighbouring characters that the names have in common (Dice), 0 to 1: high where words
    /// stand in another order or between others.
    pub fn kindred(&self, other: &Self) -> f32 {
        let pairs = |chars: &[char]| -> Vec<(char, char)> {
            let mut out: Vec<(char, char)> = chars.windows(2).map(|w| (w[0], w[1])).collect();
            out.sort_unstable();
            out.dedup();
            out
        };
        let (a, b) = (pairs(&self.chars), pairs(&other.chars));
        let all = a.len() + b.len();
        if all == 0 {
            return 0.0;
        }
        let common = a.iter().filter(|p| b.binary_search(p).is_ok()).count();
        2.0 * common as f32 / all as f32
    }
}

/// How alike two names are, 0 to 1; containing counts nearly as much as equality.
pub fn alike(a: &str, b: &str) -> f32 {
    Name::new(a).alike(&Name::new(b), 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::normal::likeness;

    #[test]
    fn class_and_name() {
        assert_eq!(goods("*计算机网络设备*边缘网关"), "边缘网关");
        assert_eq!(tax_class("*餐饮服务* 餐费").as_deref(), Some("餐饮服务"));
        assert_eq!((goods("边缘网关"), tax_class("边缘网关")), ("边缘网关".to_owned(), None));
        assert_eq!(goods("**"), "**");
    }

    #[test]
    fn likeness_of_names() {
        assert_eq!(alike("边缘网关", "边缘 网关"), 1.0);
        assert!(alike("工业边缘网关", "边缘网关") > 0.85);
        assert_eq!(alike("边缘网关", "边缘计算网关"), likeness("边缘网关", "边缘计算网关"));
        assert_eq!(alike("服务器", "餐费"), 0.0);
        // The bound only leaves out what could not reach it.
        let (a, b) = (Name::new("数据采集网关"), Name::new("数据采集终端"));
        assert_eq!(a.alike(&b, 0.6), a.alike(&b, 0.0));
        assert!(a.kindred(&Name::new("网关数据采集")) > 0.7);
        assert_eq!(Name::new("甲").kindred(&Name::new("乙")), 0.0);
    }
}
