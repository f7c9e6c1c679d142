//! Which files belong to one submission. What decides is where an application form was found: a submission is the
//! topmost folder (or archive) that holds one applicant's form. Names of folders only help where that leaves a choice.

mod identity;
mod tree;

#[cfg(test)]
mod tests;

pub use identity::FormMark;

use identity::{cluster, company_like, name_like};
use tree::Node;

/// A file as grouping sees it.
#[derive(Clone, Debug, Default)]
pub struct Item {
    /// Path in the input.
    pub path: String,
    /// The form in it, if any.
    pub form: Option<FormMark>,
    /// Whether it holds a summary table and nothing else.
    pub summary: bool,
    /// Whether it holds contracts, invoices or payments.
    pub evidence: bool,
    /// Companies that licences, tax certificates and statements in it name as theirs, by kind of paper.
    pub owners: Vec<(u8, String)>,
}

/// A submission's files.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Its id: the folder relative to the root.
    pub id: String,
    /// Its files, as indices.
    pub files: Vec<usize>,
}

/// What belongs together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grouping {
    /// Submissions, by id.
    pub groups: Vec<Group>,
    /// Files of no submission; summary tables that lie above them among these.
    pub loose: Vec<usize>,
    /// Where a choice was made, in Chinese.
    pub notes: Vec<String>,
}

/// Groups files. `root` is the name of the input folder, for a form that lies directly in it.
pub fn group(root: &str, items: &[Item]) -> Grouping {
    let tree = Node::build(items);
    let mut sorting = Sorting { items, found: Vec::new(), loose: Vec::new(), notes: Vec::new() };
    sorting.visit(&tree, &mut Vec::new());
    let Sorting { found, mut loose, notes, .. } = sorting;
    let mut groups = name_groups(root, found);
    groups.sort_by(|a, b| a.id.cmp(&b.id));
    for at in 1..groups.len() {
        if groups[at].id == groups[at - 1].id {
            groups[at].id.push_str("#2");
        }
    }
    loose.sort_unstable();
    Grouping { groups, loose, notes }
}

/// A submission before it has its id: folders from the topmost to the deepest that hold the same files.
struct Found {
    chain: Vec<Vec<String>>,
    applicant: Option<String>,
    files: Vec<usize>,
}

struct Sorting<'a> {
    items: &'a [Item],
    found: Vec<Found>,
    loose: Vec<usize>,
    notes: Vec<String>,
}

impl Sorting<'_> {
    fn visit(&mut self, node: &Node, path: &mut Vec<String>) {
        let forms = self.forms(node);
        if forms.is_empty() {
            self.loose.extend(node.all());
            return;
        }
        let applicants = cluster(&forms);
        let packages = node.children.values().filter(|c| self.is_package(c)).count();
        if applicants.len() > 1 || packages > 1 {
            self.several(node, path, &applicants);
        } else {
            self.single(node, path, applicants.first().and_then(|a| a.name.clone()));
        }
    }

    /// Everything below belongs to one applicant, unless a sub-folder is plainly another's.
    fn single(&mut self, top: &Node, path: &mut Vec<String>, applicant: Option<String>) {
        let depth = path.len();
        let mut chain = vec![path.clone()];
        let mut node = top;
        loop {
            let own: Vec<usize> = node.files.iter().copied().filter(|&i| !self.items[i].summary).collect();
            let carriers: Vec<(&String, &Node)> =
                node.children.iter().filter(|(_, c)| self.carries(c)).collect();
            let in_archive = path.last().is_some_and(|p| p.ends_with('!'));
            match carriers.as_slice() {
                [(name, child)] if own.is_empty() && !in_archive => {
                    // Summary tables above a submission are the city's.
                    self.loose.extend(&node.files);
                    path.push((*name).clone());
                    chain.push(path.clone());
                    node = child;
                }
                _ => break,
            }
        }
        let own_form = node.files.iter().any(|&i| self.items[i].form.is_some());
        if !own_form && node.children.values().any(|c| self.is_foreign(c, node, applicant.as_deref())) {
            self.loose.extend(&node.files);
            for (name, child) in &node.children {
                path.push(name.clone());
                self.visit(child, path);
                path.pop();
            }
        } else {
            self.found.push(Found { chain, applicant, files: node.all() });
        }
        path.truncate(depth);
    }

    /// Several applicants below: sub-folders are looked at one by one; what lies here itself is told apart by name.
    fn several(&mut self, node: &Node, path: &mut Vec<String>, applicants: &[FormMark]) {
        let here: Vec<FormMark> = node
            .files
            .iter()
            .filter_map(|&i| self.items[i].form.clone())
            .filter(|f| f.name.is_some())
            .collect();
        let here = cluster(&here);
        if here.is_empty() {
            self.loose.extend(&node.files);
            for (name, child) in &node.children {
                path.push(name.clone());
                self.visit(child, path);
                path.pop();
            }
            return;
        }
        let mut shares: Vec<Vec<usize>> = vec![Vec::new(); here.len()];
        for (name, child) in &node.children {
            let forms = cluster(&self.forms(child));
            let owner = match forms.as_slice() {
                [] => self.owner_of(name, &child.all(), &here),
                [one] => here.iter().position(|h| h.same(one)),
                _ => None,
            };
            match owner {
                Some(owner) => shares[owner].extend(child.all()),
                None if forms.is_empty() => self.loose.extend(child.all()),
                None => {
                    path.push(name.clone());
                    self.visit(child, path);
                    path.pop();
                }
            }
        }
        for &file in &node.files {
            let item = &self.items[file];
            let name = item.path.rsplit('/').next().unwrap_or(&item.path);
            let owner = match &item.form {
                Some(form) => here.iter().position(|h| h.same(form)),
                None => self.owner_of(name, &[file], &here),
            };
            match owner {
                Some(owner) => shares[owner].push(file),
                None => self.loose.push(file),
            }
        }
        self.split(path, &here, shares, applicants.len());
    }

    fn split(&mut self, path: &[String], here: &[FormMark], shares: Vec<Vec<usize>>, count: usize) {
        let folder = if path.is_empty() {
            "所给文件夹".to_string()
        } else {
            format!("文件夹 {}", shown(path))
        };
        self.notes.push(format!(
            "{folder} 中有 {count} 家单位的申报书，已按文件夹名、文件名和材料中的单位名称分开；分不开的文件未归入任何一家，请核对"
        ));
        for (form, mut files) in here.iter().zip(shares) {
            files.sort_unstable();
            let mut at = path.to_vec();
            at.push(form.name.clone().unwrap_or_default());
            self.found.push(Found { chain: vec![at], applicant: form.name.clone(), files });
        }
    }

    fn forms(&self, node: &Node) -> Vec<FormMark> {
        node.all().iter().filter_map(|&i| self.items[i].form.clone()).collect()
    }

    fn carries(&self, node: &Node) -> bool {
        node.all().iter().any(|&i| !self.items[i].summary)
    }

    /// Whether a folder is a submission by itself: a form with papers.
    fn is_package(&self, node: &Node) -> bool {
        let all = node.all();
        all.iter().any(|&i| self.items[i].form.is_some()) && all.iter().any(|&i| self.items[i].evidence)
    }

    /// Whether a folder without a form, beside one with a form, is another applicant's: its own papers say so, or all
    /// the folders are named like companies.
    fn is_foreign(&self, child: &Node, parent: &Node, applicant: Option<&str>) -> bool {
        let all = child.all();
        if all.is_empty() || all.iter().any(|&i| self.items[i].form.is_some()) {
            return false;
        }
        let owners: Vec<&(u8, String)> = all.iter().flat_map(|&i| &self.items[i].owners).collect();
        let mut kinds: Vec<u8> = owners.iter().map(|o| o.0).collect();
        kinds.sort_unstable();
        kinds.dedup();
        if let Some(applicant) = applicant
            && kinds.len() > 1
        {
            return owners.iter().all(|(_, name)| !name_like(name, applicant));
        }
        let name_of = |node: &Node| {
            parent
                .children
                .iter()
                .find(|(_, c)| std::ptr::eq(*c, node))
                .map(|(n, _)| n.clone())
                .unwrap_or_default()
        };
        let with_form = parent.children.values().filter(|c| !self.forms(c).is_empty());
        let mut siblings = with_form.map(&name_of);
        company_like(&name_of(child)) && siblings.all(|n| company_like(&n))
    }

    /// Whose a file or folder without a form is: by its name, else by the companies its papers name.
    fn owner_of(&self, name: &str, files: &[usize], among: &[FormMark]) -> Option<usize> {
        let unique = |fits: &dyn Fn(&str) -> bool| {
            let mut hits = among.iter().enumerate().filter(|(_, f)| f.name.as_deref().is_some_and(fits));
            hits.next().map(|(i, _)| i).filter(|_| hits.next().is_none())
        };
        unique(&|applicant| name_like(name, applicant)).or_else(|| {
            let owners: Vec<&String> =
                files.iter().flat_map(|&i| &self.items[i].owners).map(|o| &o.1).collect();
            unique(&|applicant| owners.iter().any(|o| name_like(o, applicant)))
        })
    }
}

/// Gives the ids. Where a chain of folders holds nothing but the next one, any of them could be meant: one named like
/// the applicant, an archive, one at the depth at which the other submissions lie, the deepest.
fn name_groups(root: &str, found: Vec<Found>) -> Vec<Group> {
    let mut depths = std::collections::BTreeMap::new();
    for one in found.iter().filter(|f| f.chain.len() == 1) {
        *depths.entry(one.chain[0].len()).or_insert(0usize) += 1;
    }
    let usual = depths.iter().max_by_key(|(_, count)| **count).map(|(depth, _)| *depth);
    let groups = found.into_iter().map(|one| {
        let by_name = one.applicant.as_deref().and_then(|applicant| {
            one.chain.iter().find(|p| p.last().is_some_and(|n| name_like(n, applicant)))
        });
        let archive = || one.chain.iter().find(|p| p.last().is_some_and(|n| n.ends_with('!')));
        let by_depth = || one.chain.iter().find(|p| Some(p.len()) == usual && !p.is_empty());
        let path = by_name.or_else(archive).or_else(by_depth).or(one.chain.last());
        let id = path.filter(|p| !p.is_empty()).map_or_else(|| root.to_string(), |p| shown(p));
        Group { id, files: one.files }
    });
    groups.collect()
}

/// A path for people: archives without their mark.
fn shown(path: &[String]) -> String {
    path.iter().map(|p| p.strip_suffix('!').unwrap_or(p)).collect::<Vec<_>>().join("/")
}
