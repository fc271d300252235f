using Synfin.Drill.Language;
using Synfin.Wire;

namespace Synfin.Drill.Running;

/// <summary>The lines of a script that send a packet to the stack under test.</summary>
internal sealed class InboundLines(RunState state, DrillAddresses addresses)
{
    private readonly PacketBuilder _builder = new(addresses);

    /// <summary>Sends a line's packet.</summary>
    public void Send(PacketEvent e)
    {
        byte[] packet = e.Packet switch
        {
            ScriptSegment segment => Build(e, segment),
            ScriptDatagram datagram =>
                _builder.Datagram(datagram, state.Flows.ForInbound(IpProtocol.Udp, datagram.SourcePort, datagram.DestinationPort)),
            ScriptIcmp icmp => _builder.Icmp(icmp, state.Flows.Current, e.Line),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        state.Note(state.Now, isInbound: true, e.Packet.Text, e.Line);
        state.Inject(packet);
    }

    private byte[] Build(PacketEvent e, ScriptSegment segment)
    {
        Flow flow = state.Flows.ForInbound(IpProtocol.Tcp, segment.SourcePort, segment.DestinationPort);
        if ((segment.Flags & (int)TcpFlags.Syn) != 0)
        {
            // Another SYN may begin another incarnation, whose SYN,ACK has another number.
            if (flow.RemoteSyn is { } seq && seq != (uint)segment.Seq)
            {
                flow.Sent.Forget();
                flow.Timestamps.Forget();
            }
            flow.RemoteSyn = (uint)segment.Seq;
        }
        return _builder.Segment(segment, flow, e.Line);
    }
}
