namespace Synfin.Testing.Soak;

/// <summary>What a connection of a soak does, and how it ends.</summary>
public enum SoakKind
{
    /// <summary>All is sent back; the client ends its half first.</summary>
    Echo,

    /// <summary>The server sends, and closes.</summary>
    Download,

    /// <summary>The client sends, and the server says how much it was.</summary>
    Upload,

    /// <summary>The client resets in the middle of a download.</summary>
    ClientAborts,

    /// <summary>The server resets in the middle of a download.</summary>
    ServerAborts,

    /// <summary>The client reads a little of a download, and closes: what is unread resets.</summary>
    ClientLeavesUnread,
}
