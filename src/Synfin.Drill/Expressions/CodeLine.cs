namespace Synfin.Drill.Expressions;

/// <summary>A logical line of code: brackets and backslashes join several lines.</summary>
/// <param name="Indent">Blanks before it; what stands right behind <c>%{</c> is placed by what follows.</param>
/// <param name="Tokens">Its words; the last is <see cref="CodeTokenKind.End"/>.</param>
internal sealed record CodeLine(int Indent, IReadOnlyList<CodeToken> Tokens);
