namespace Synfin.Conformance.Tests.Transcription;

/// <summary>What the user is told, in the RFC's words.</summary>
[Flags]
public enum Told
{
    /// <summary>Nothing.</summary>
    Nothing = 0,

    /// <summary>"connection reset".</summary>
    ConnectionReset = 1,

    /// <summary>"connection refused".</summary>
    ConnectionRefused = 2,

    /// <summary>"connection closing": the peer has no more to send.</summary>
    ConnectionClosing = 4,

    /// <summary>"the remote side has urgent data".</summary>
    UrgentData = 8,

    /// <summary>"connection aborted due to user timeout".</summary>
    UserTimeout = 16,

    /// <summary>What was lost when a RST went out because nobody would have read it (3.6.1, SHLD-3).</summary>
    DataLost = 32,
}
