namespace Synfin.Links;

/// <summary>
/// One direction between two hosts in memory that run at the same time: the writer fills a queue at its own gate and hands it over as a
/// whole, the reader empties another at its own. The lock between them is held for the exchange of two references.
/// </summary>
/// <param name="mtu">The largest IP packet in octets.</param>
internal sealed class FrameCable(int mtu) : IFrameSink
{
    private readonly Lock _lock = new();
    private FrameQueue _filling = new(mtu);
    private FrameQueue? _ready;
    private FrameQueue? _draining;
    private FrameQueue? _spare;
    private volatile bool _isReady;
    private volatile bool _isHeldUp;

    /// <inheritdoc/>
    public int Mtu => mtu;

    /// <summary>Whether the reader has something to take that it does not know of.</summary>
    public bool IsReady => _isReady;

    /// <summary>Whether the writer has frames that could be handed over by now.</summary>
    public bool IsHeldUp => _isHeldUp && !_isReady;

    /// <inheritdoc/>
    public bool HasRoom(int frames) => _filling.HasRoom(frames);

    /// <inheritdoc/>
    public Span<byte> GetFrame(int length) => _filling.GetFrame(length);

    /// <inheritdoc/>
    public void Commit() => _filling.Commit();

    /// <summary>The writer hands over what it has, unless the reader has not taken what was handed over before.</summary>
    public void HandOver()
    {
        if (_filling.IsEmpty) return;
        lock (_lock)
        {
            _isHeldUp = _ready is not null;
            if (_isHeldUp) return;
            _ready = _filling;
            _filling = _spare ?? new FrameQueue(mtu);
            _spare = null;
            _isReady = true;
        }
    }

    /// <summary>The reader takes the next frame, borrowed until the next call.</summary>
    public bool TryTake(out ReadOnlySpan<byte> frame)
    {
        while (true)
        {
            if (_draining is not null && _draining.TryTake(out frame)) return true;
            if (_isReady)
            {
                lock (_lock)
                {
                    _spare = _draining;
                    _draining = _ready;
                    _ready = null;
                    _isReady = false;
                }
                continue;
            }
            frame = default;
            return false;
        }
    }
}
