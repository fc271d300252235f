namespace Synfin.Conformance.Tests.Transcription;

/// <summary>The six control bits of RFC 793, as they lie in the header (RFC 9293 3.1).</summary>
[Flags]
public enum ControlBits
{
    /// <summary>No bit.</summary>
    None = 0,

    /// <summary>"No more data from sender."</summary>
    Fin = 1,

    /// <summary>"Synchronize sequence numbers."</summary>
    Syn = 2,

    /// <summary>"Reset the connection."</summary>
    Rst = 4,

    /// <summary>"Push function."</summary>
    Psh = 8,

    /// <summary>"Acknowledgment field is significant."</summary>
    Ack = 16,

    /// <summary>"Urgent pointer field is significant."</summary>
    Urg = 32,
}
