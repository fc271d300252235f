using Synfin.Links;

namespace Synfin.Runtime.Tests;

/// <summary>A sink that keeps its frames.</summary>
internal sealed class FrameList : IFrameSink
{
    private byte[]? _open;

    public int Mtu { get; init; } = 1500;

    /// <summary>How many frames fit when there is one already.</summary>
    public int Capacity { get; init; } = SoftwareSegmentation.MaxFrames;

    public List<byte[]> Frames { get; } = [];

    public bool HasRoom(int frames) => Frames.Count == 0 || Frames.Count + frames <= Capacity;

    public Span<byte> GetFrame(int length)
    {
        _open = new byte[length];
        // Undefined content: what is not written shows.
        _open.AsSpan().Fill(0xEE);
        return _open;
    }

    public void Commit()
    {
        Frames.Add(_open!);
        _open = null;
    }
}
