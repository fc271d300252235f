namespace Synfin.Links;

/// <summary>Takes finished IP packets of at most one MTU, in two steps, so that they are built where they will lie.</summary>
public interface IFrameSink
{
    /// <summary>The largest IP packet in octets, 576 to 65,535.</summary>
    int Mtu { get; }

    /// <summary>
    /// Whether <paramref name="frames"/> more frames fit. An empty sink must always say yes, growing if it has to, up to
    /// <see cref="SoftwareSegmentation.MaxFrames"/>: a super-segment that never fits would never leave.
    /// </summary>
    bool HasRoom(int frames);

    /// <summary>Memory for the next frame, of undefined content. Only called after <see cref="HasRoom"/>.</summary>
    /// <param name="length">The frame's length in octets; the memory has exactly as many.</param>
    Span<byte> GetFrame(int length);

    /// <summary>The frame of the last <see cref="GetFrame"/> is written.</summary>
    void Commit();
}
