namespace Synfin.Tcp;

/// <summary>How far forward RTO recovery's step 2b is (RFC 5682 2.1).</summary>
internal enum ForwardStep : byte
{
    /// <summary>Not in it.</summary>
    None,

    /// <summary>New data is to go; if none can, recovery is the usual one.</summary>
    Try,

    /// <summary>New data went: its ACK will tell. Until then nothing is sent again.</summary>
    Wait,
}
