using Synfin.Links;

namespace Synfin.Cli.Bench.Memory;

/// <summary>Frames on their way, in memory that is used again and again; about as much as a device's queue holds.</summary>
internal sealed class FrameRing : IFrameSink
{
    private const int QueuedOctets = 256 * 1024;

    private readonly int[] _lengths;
    private readonly byte[][] _frames;
    private int _head;
    private int _pending;

    public FrameRing(int mtu)
    {
        Mtu = mtu;
        int frames = Math.Max(4, QueuedOctets / mtu);
        _lengths = new int[frames];
        _frames = new byte[frames][];
        for (int i = 0; i < frames; i++) _frames[i] = GC.AllocateUninitializedArray<byte>(mtu, pinned: true);
    }

    public int Mtu { get; }

    public int Count { get; private set; }

    public bool HasRoom(int frames) => Count + frames <= _frames.Length;

    public Span<byte> GetFrame(int length)
    {
        _pending = length;
        return _frames[(_head + Count) % _frames.Length].AsSpan(0, length);
    }

    public void Commit()
    {
        _lengths[(_head + Count) % _frames.Length] = _pending;
        Count++;
    }

    public ReadOnlySpan<byte> Peek() => _frames[_head].AsSpan(0, _lengths[_head]);

    public void Dequeue()
    {
        _head = (_head + 1) % _frames.Length;
        Count--;
    }
}
