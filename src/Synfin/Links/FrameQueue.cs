using System.Diagnostics;

namespace Synfin.Links;

/// <summary>
/// Frames from one host to another in memory: packed behind one another, and taken all together. Every round begins at the same place, so
/// that short ones stay in the cache.
/// </summary>
internal sealed class FrameQueue : IFrameSink
{
    /// <summary>How much it holds before it is full.</summary>
    public const int Capacity = 256 * 1024;

    /// <summary>The headers of IPv6 and TCP, and then some.</summary>
    private const int MaxHeaders = 120;

    private byte[] _octets = GC.AllocateUninitializedArray<byte>(Capacity, pinned: true);
    private int[] _ends = new int[64];
    private int _count;
    private int _taken;
    private int _pending;

    public FrameQueue(int mtu) => Mtu = mtu;

    /// <inheritdoc/>
    public int Mtu { get; }

    /// <summary>Whether all frames were taken.</summary>
    public bool IsEmpty => _taken == _count;

    private int End => _count == 0 ? 0 : _ends[_count - 1];

    /// <inheritdoc/>
    public bool HasRoom(int frames)
    {
        int needed = frames == 1 ? Mtu : SoftwareSegmentation.MaxText + frames * MaxHeaders;
        if (needed <= _octets.Length - End) return true;
        if (_count > 0) return false;
        _octets = GC.AllocateUninitializedArray<byte>(needed, pinned: true);
        return true;
    }

    /// <inheritdoc/>
    public Span<byte> GetFrame(int length)
    {
        _pending = length;
        return _octets.AsSpan(End, length);
    }

    /// <inheritdoc/>
    public void Commit()
    {
        Debug.Assert(_taken == 0, "frames are added and taken by turns");
        if (_count == _ends.Length) Array.Resize(ref _ends, 2 * _count);
        int end = End + _pending;
        _ends[_count++] = end;
    }

    /// <summary>Takes the next frame, borrowed until another is added.</summary>
    public bool TryTake(out ReadOnlySpan<byte> frame)
    {
        if (IsEmpty)
        {
            _count = _taken = 0;
            frame = default;
            return false;
        }
        int start = _taken == 0 ? 0 : _ends[_taken - 1];
        frame = _octets.AsSpan(start.._ends[_taken++]);
        return true;
    }
}
