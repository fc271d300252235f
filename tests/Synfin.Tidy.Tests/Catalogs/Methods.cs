namespace Synfin.Tidy.Tests.Catalogs;

/// <summary>How it is shown that the engine does as the RFCs say. The counts next to them are read from the tree.</summary>
public static class Methods
{
    /// <summary>The rules of the RFCs, each with its tests.</summary>
    public static Method Matrix { get; } = new(
        "[Matrix](rfc9293-matrix.md)",
        "no rule is forgotten",
        "each requirement of RFC 9293, Appendix B, and each clause of its companions has a test that names it, or a reason",
        "`dotnet test tests/Synfin.Tidy.Tests`",
        "10 s");

    /// <summary>Tests of one connection, by hand.</summary>
    public static Method TimeLines { get; } = new(
        "Time lines",
        "each rule does what it says, to the millisecond and the octet",
        "a connection in virtual time: what it receives, what it must send, the state it is in then",
        "`dotnet test tests/Synfin.Core.Tests`",
        "2 min");

    /// <summary>Scripts in packetdrill's language.</summary>
    public static Method Scripts { get; } = new(
        "[Scripts](drill.md)",
        "what an application and a wire see is what they see of a kernel",
        "packetdrill's language, in virtual time, over IPv4, IPv6 and mapped addresses; those that say so are told to Linux, too",
        "`synfin drill tests/scripts`",
        "10 s");

    /// <summary>All events in all states.</summary>
    public static Method Grid { get; } = new(
        "[Grid](grid.md)",
        "in every state, every event does what RFC 9293 3.10 says, or what a listed deviation says",
        "the engine beside a transcription of 3.10 that was made apart from it; each octet and variable is compared",
        "`dotnet test tests/Synfin.Conformance.Tests`",
        "2 min");

    /// <summary>The explorer.</summary>
    public static Method Explorer { get; } = new(
        "[Explorer](proof.md)",
        "in every order of events of a small world, safety and liveness hold",
        "the real engine at both ends; each possible next move is made in each state, until there is no new state",
        "`synfin check`",
        "1 min");

    /// <summary>Faults that must be noticed.</summary>
    public static Method Mutants { get; } = new(
        "[Mutants](proof.md#who-would-notice-a-fault)",
        "the judges can fail",
        "faults put into the engine's source, one at a time; the explorer, or a script, must notice each",
        "`dotnet test tests/Synfin.Mutants.Tests`",
        "2 min");

    /// <summary>The kernel as the oracle.</summary>
    public static Method Kernel { get; } = new(
        "[Linux](linux-differences.md)",
        "the Linux profile does what Linux does, or what a listed difference says",
        "the same story told to a kernel through TUN and to Synfin: fields of all replies, results of all calls, states",
        "`sudo dotnet test tests/Synfin.Oracle.Tests`",
        "1 min");

    /// <summary>Attacks and malformed input.</summary>
    public static Method Threats { get; } = new(
        "[Threats](threats.md)",
        "what others fell into does not harm us, within a bound that the test names",
        "attacks, malformed input and traps as time lines, floods and random input",
        "`dotnet test Synfin.slnx --filter \"Threat~\"`",
        "1 min");
}
