namespace Synfin.Oracle.Tests.Scripts;

/// <summary>A connection's story, to be told to the kernel and to Synfin.</summary>
/// <param name="Name">Where it comes from: a seed, or a cell of the grid.</param>
/// <param name="Listens">Whether the host under test listens; accepting is automatic.</param>
/// <param name="Steps">What happens, in this order.</param>
internal sealed record Script(string Name, bool Listens, IReadOnlyList<Step> Steps)
{
    /// <summary>A script by hand: <c>listen</c> or nothing first, then the steps.</summary>
    public static Script Parse(string name, params string[] lines)
    {
        bool listens = lines is ["listen", ..];
        return new Script(name, listens, [.. lines.Skip(listens ? 1 : 0).Select(StepParser.Parse)]);
    }

    public override string ToString() =>
        $"{Name}: {(Listens ? "listen; " : "")}{string.Join("; ", Steps)}";
}
