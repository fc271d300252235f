namespace Synfin.Drill.Expressions;

/// <summary>What came of a piece of code.</summary>
internal abstract record CodeResult
{
    /// <summary>Every assertion held.</summary>
    public sealed record Passed : CodeResult;

    /// <summary>An assertion does not hold, or Python would have stopped with an error.</summary>
    /// <param name="Line">In the script.</param>
    /// <param name="Expression">As written; of several with <c>and</c> between, the one that fails.</param>
    /// <param name="Message">The values of the names in it, and what the script says about it.</param>
    public sealed record Failed(int Line, string Expression, string Message) : CodeResult;

    /// <summary>The code holds something that is not understood here; the script is skipped.</summary>
    /// <param name="Line">In the script.</param>
    /// <param name="Reason">What it is.</param>
    public sealed record Unsupported(int Line, string Reason) : CodeResult;
}
