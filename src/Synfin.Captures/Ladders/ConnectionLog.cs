using Synfin.Tcp;
using Synfin.Wire;

namespace Synfin.Captures.Ladders;

/// <summary>One life of a four-tuple: all that happened at its two ends.</summary>
/// <param name="tuple">The connection, seen from end 0.</param>
internal sealed class ConnectionLog(FourTuple tuple)
{
    private readonly SequenceNumber?[] _syn = new SequenceNumber?[2];
    private readonly bool[] _fin = new bool[2];

    /// <summary>The connection, seen from end 0: the end that was heard of first.</summary>
    public FourTuple Tuple { get; } = tuple;

    public List<RecordedEvent> Events { get; } = [];

    /// <summary>Whether it is over as far as segments tell, so that a new SYN starts another life of the same four-tuple.</summary>
    public bool Ended { get; private set; }

    public InternetAddress AddressOf(int end) => end == 0 ? Tuple.LocalAddress : Tuple.RemoteAddress;

    public ushort PortOf(int end) => end == 0 ? Tuple.LocalPort : Tuple.RemotePort;

    /// <summary>Which end has <paramref name="local"/> as its own view of the connection.</summary>
    public int EndOf(in FourTuple local) => local == Tuple ? 0 : 1;

    /// <summary>Whether this event belongs to the next life.</summary>
    public bool StartsAnew(LadderSegment segment, int end) =>
        Ended && segment.Has(TcpFlags.Syn) && !segment.Has(TcpFlags.Ack) && _syn[end] != segment.Seq;

    public void Note(LadderSegment segment, int end)
    {
        if (segment.Has(TcpFlags.Syn)) _syn[end] = segment.Seq;
        if (segment.Has(TcpFlags.Fin)) _fin[end] = true;
        Ended |= segment.Has(TcpFlags.Rst) || (_fin[0] && _fin[1]);
    }

    public void Note(TcpState state) => Ended |= state == TcpState.Closed;
}
