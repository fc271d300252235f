namespace Synfin.Drill.Commands;

/// <summary>What a command between backticks asks for.</summary>
internal abstract record CommandAction
{
    /// <summary>Runs the script as this system behaves: <c>linux</c>.</summary>
    public sealed record SelectProfile(string Name) : CommandAction;

    /// <summary>Sets a kernel's knob.</summary>
    /// <param name="Name">With dots: <c>net.ipv4.tcp_sack</c>.</param>
    /// <param name="Value">As written, without quotes; several values have a blank between.</param>
    public sealed record SetKnob(string Name, string Value) : CommandAction;

    /// <summary>Nothing to do here.</summary>
    /// <param name="Reason">Why not.</param>
    public sealed record NoOperation(string Reason) : CommandAction;

    /// <summary>Asserts how many sockets are in a state.</summary>
    /// <param name="State">As the system's command names it: <c>ESTABLISHED</c>, <c>FIN_WAIT_1</c>.</param>
    /// <param name="Count">How many; null for at least one.</param>
    public sealed record ExpectSockets(string State, int? Count) : CommandAction;

    /// <summary>Ends connections as FreeBSD's <c>tcpdrop</c> does.</summary>
    /// <param name="Arguments">Its arguments: <c>-a</c>, or local and remote address and port.</param>
    public sealed record Drop(IReadOnlyList<string> Arguments) : CommandAction;

    /// <summary>A command that nobody knows: the script is skipped.</summary>
    public sealed record Unknown(string Text) : CommandAction;
}
