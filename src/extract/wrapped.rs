//! Values of labels that go on below: a long name or address on certificates, where no cell says what belongs together.

use crate::extract::View;
use crate::extract::label::Fragment;
use crate::model::{BBox, Page};
use crate::text::normal;

/// Most lines a value is followed over.
const MOST: usize = 12;

/// The value with the lines below that continue it. A line continues a value when it begins where the value begins, or
/// where its label begins and the value filled its row; a label at its beginning or to its left begins something else.
/// Lines are joined by `\n`.
pub(super) fn continued(
    view: &View<'_>,
    first: Fragment,
    label: Option<BBox>,
    labels: &[String],
) -> Fragment {
    let page = first.place.page().and_then(|n| view.pages.iter().find(|p| p.number == n));
    let (Some(page), Some(start), false) = (page, first.place.bbox(), first.text.contains('\n')) else {
        return first;
    };
    let squashed: Vec<String> = labels.iter().map(|l| normal::squash(l)).collect();
    let is_label = |text: &str| squashed.iter().any(|k| text.starts_with(k.as_str()));
    let (mut out, mut last) = (first, start);
    for _ in 0..MOST {
        let Some((text, at, line)) = below(page, start, label, last) else { break };
        let labelled = page.lines.iter().any(|l| {
            l.bbox().is_some_and(|b| {
                b.x1 <= at.x0 && at.x0 - b.x1 < 160.0 && b.shared_height(at) > 0.5 * at.height()
            }) && is_label(&normal::squash(&l.text))
        });
        if is_label(&text) || labelled {
            break;
        }
        out = out.join(&line, "\n");
        last = at;
    }
    out
}

/// The line that may continue a value whose last line is `last`.
fn below(page: &Page, start: BBox, label: Option<BBox>, last: BBox) -> Option<(String, BBox, Fragment)> {
    page.lines.iter().find_map(|l| {
        let b = l.bbox()?;
        let gap = b.y0 - last.y1;
        let near = gap > -0.3 * last.height() && gap < 1.7 * last.height();
        let alike = b.height() < 1.4 * start.height() && b.height() > 0.6 * start.height();
        let under = (b.x0 - start.x0).abs() < 8.0;
        // A value that shares a run with its label and reaches the end of the column goes on below the label.
        let flush = label.is_some_and(|at| {
            (b.x0 - at.x0).abs() < 8.0
                && at.shared_height(start) > 0.5 * start.height()
                && last.x1 >= b.x1 - 8.0
        });
        (near && alike && (under || flush)).then(|| (normal::squash(&l.text), b, Fragment::of_line(l)))
    })
}
