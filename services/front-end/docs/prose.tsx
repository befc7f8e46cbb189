/** What the document says, which is English: paragraphs, and code between backticks. */
export function Prose({ text, className }: { text: string; className?: string }) {
  return text.split('\n\n').map((paragraph) => (
    <p key={paragraph} lang="en" className={className}>
      {paragraph
        .split('`')
        .map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}
    </p>
  ));
}
