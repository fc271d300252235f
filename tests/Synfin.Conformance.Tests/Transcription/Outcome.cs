namespace Synfin.Conformance.Tests.Transcription;

/// <summary>What came of an event.</summary>
public sealed class Outcome
{
    /// <summary>The TCB after it.</summary>
    public required ControlBlock Tcb { get; init; }

    /// <summary>The segments sent, in order.</summary>
    public List<Reply> Replies { get; init; } = [];

    /// <summary>What the user was told.</summary>
    public Told Told { get; set; }

    /// <summary>Whether the 2 MSL timer was started or started again.</summary>
    public bool TimeWaitStarted { get; set; }

    /// <summary>What a user call returned ("ok" if it is empty).</summary>
    public string Error { get; set; } = "";
}
