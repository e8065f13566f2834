//! The page of a code on a terminal: its Markdown, set for reading.

use super::terminal::{Look, Tone, wrap};

/// A page as text of the width at hand.
#[must_use]
pub fn human(markdown: &str, look: Look) -> String {
    let mut text = String::new();
    let mut paragraph = String::new();
    let mut in_block = false;
    for line in markdown.lines() {
        if let Some(info) = line.strip_prefix("```") {
            flush(&mut paragraph, &mut text, look);
            in_block = !in_block;
            if let Some((_, file)) = info.split_once(' ').filter(|_| in_block) {
                text.push_str(&format!("    {}\n", look.paint(Tone::Faint, &format!("({file})"))));
            }
        } else if in_block {
            text.push_str(format!("    {}", look.paint(Tone::Accent, line)).trim_end());
            text.push('\n');
        } else if let Some(heading) = line.strip_prefix("# ").or_else(|| line.strip_prefix("## ")) {
            flush(&mut paragraph, &mut text, look);
            text.push_str(&format!("{}\n", look.paint(Tone::Strong, heading)));
        } else if line.trim().is_empty() {
            flush(&mut paragraph, &mut text, look);
            text.push('\n');
        } else {
            paragraph.push_str(line);
            paragraph.push('\n');
        }
    }
    flush(&mut paragraph, &mut text, look);
    text
}

/// Writes the paragraph that was gathered: items of a list as they are, sentences wrapped.
fn flush(paragraph: &mut String, text: &mut String, look: Look) {
    let listed = paragraph.starts_with("- ") || paragraph.starts_with('|');
    if listed {
        text.push_str(paragraph);
    } else if !paragraph.is_empty() {
        wrap(paragraph, look.width).iter().for_each(|line| text.push_str(&format!("{line}\n")));
    }
    paragraph.clear();
}

#[cfg(test)]
mod tests {
    use super::{Look, human};

    #[test]
    fn sentences_are_wrapped_and_blocks_are_not() {
        let page = "# P0000: a title\n\nOne two three\nfour.\n\n## Wrong\n\n```policy shared/a.policy\nlead  # as it is, however long it may be\n```\n";
        let narrow = Look { color: false, width: 13 };
        assert_eq!(
            human(page, narrow),
            "P0000: a title\n\nOne two three\nfour.\n\nWrong\n\n    (shared/a.policy)\n    lead  # as it is, however long it may be\n"
        );
    }
}
