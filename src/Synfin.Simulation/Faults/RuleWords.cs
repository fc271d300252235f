namespace Synfin.Simulation.Faults;

/// <summary>The words of a rule and how far they were read.</summary>
internal sealed class RuleWords
{
    private readonly string _text;
    private readonly List<(string Word, int Position)> _words = [];
    private int _next;

    public RuleWords(string text)
    {
        _text = text;
        int at = 0;
        while (at < text.Length)
        {
            int start = at;
            while (at < text.Length && !char.IsWhiteSpace(text[at])) at++;
            if (at > start) _words.Add((text[start..at], start));
            at++;
        }
    }

    public bool IsAtEnd => _next == _words.Count;

    /// <summary>The next word; empty at the end.</summary>
    public string Current => IsAtEnd ? "" : _words[_next].Word;

    /// <summary>Where the next word stands.</summary>
    public int Position => IsAtEnd ? _text.TrimEnd().Length : _words[_next].Position;

    public bool IsAt(string word) => Current.Equals(word, StringComparison.OrdinalIgnoreCase);

    public void Skip() => _next++;

    /// <summary>Takes the next word if it is this one, in whatever case.</summary>
    public bool Take(string word)
    {
        if (!IsAt(word)) return false;
        _next++;
        return true;
    }

    public string TakeAny(string expected, string advice)
    {
        if (IsAtEnd) throw Error($"it ends where {expected} should stand", advice);
        return _words[_next++].Word;
    }

    public void Expect(string word, string advice)
    {
        if (Take(word)) return;
        throw Error(IsAtEnd ? $"it ends where '{word}' should stand" : $"'{Current}' stands where '{word}' should", advice);
    }

    public RuleSyntaxException Error(string problem, string advice) => ErrorAt(Position, problem, advice);

    public RuleSyntaxException ErrorAt(int position, string problem, string advice) => new(_text, position, problem, advice);
}
