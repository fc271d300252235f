namespace Synfin.Stack;

/// <summary>What a link does for the engine.</summary>
[Flags]
public enum LinkOffloads
{
    /// <summary>Nothing: frames carry finished checksums and at most one MTU.</summary>
    None = 0,

    /// <summary>The link completes the TCP checksum: the engine leaves the pseudo-header's sum in the field.</summary>
    TransmitChecksum = 1,

    /// <summary>
    /// The link cuts super-segments of up to <see cref="ILink.MaxSuperSegment"/> octets into wire segments. Implies <see
    /// cref="TransmitChecksum"/>.
    /// </summary>
    Segmentation = 2,
}
