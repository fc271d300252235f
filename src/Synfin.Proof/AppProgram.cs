namespace Synfin.Proof;

/// <summary>
/// What an application does with a connection, in this order but at any time: words of <see cref="AppCall"/> with blanks between them;
/// where several are joined with '|', any of them. With "listen" first it waits for connections, and the rest is done with each.
/// </summary>
internal sealed class AppProgram
{
    private readonly AppCall[][] _steps;

    /// <summary>Reads a program.</summary>
    /// <exception cref="FormatException">A word is no call.</exception>
    public AppProgram(string text)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Listens = words is ["listen", ..];
        _steps = [.. words.Skip(Listens ? 1 : 0).Select(word => word.Split('|').Select(Parse).ToArray())];
        Octets = _steps.Count(step => step.Contains(AppCall.Send));
    }

    /// <summary>Whether it opens passively.</summary>
    public bool Listens { get; }

    /// <summary>How many steps there are.</summary>
    public int Length => _steps.Length;

    /// <summary>The most octets that it sends.</summary>
    public int Octets { get; }

    /// <summary>The calls that a step may be.</summary>
    public ReadOnlySpan<AppCall> this[int step] => _steps[step];

    /// <summary>The first step from this one on that opens; <see cref="Length"/> if there is none.</summary>
    public int NextOpen(int step)
    {
        while (step < _steps.Length && _steps[step][0] is not AppCall.Open) step++;
        return step;
    }

    private static AppCall Parse(string word) =>
        Enum.TryParse(word, ignoreCase: true, out AppCall call) ? call : throw new FormatException($"'{word}' is no call");
}
