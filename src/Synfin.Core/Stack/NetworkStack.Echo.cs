using System.Buffers.Binary;
using System.Collections.Generic;
using Synfin.Ip;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Stack;

/// <summary>Echo, both ways (RFC 1122 3.2.2.6, RFC 4443 4): requests that are answered, and requests of our own.</summary>
public sealed partial class NetworkStack
{
    private readonly List<EchoEndpoint> _echoEndpoints = [];
    private readonly Queue<EchoEndpoint> _signalledEchoes = new();
    private ulong _echoChoices;

    /// <summary>Open echo endpoints.</summary>
    public int EchoEndpointCount => _echoEndpoints.Count;

    /// <summary>Opens an endpoint for echo requests, with an identifier that nobody else has.</summary>
    /// <param name="now">The time.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <returns>None, or InsufficientResources: <see cref="StackOptions.MaxEchoEndpoints"/> are open.</returns>
    public TcpError OpenEcho(Timestamp now, out EchoEndpoint? endpoint)
    {
        Advance(now);
        endpoint = null;
        if (_echoEndpoints.Count >= Math.Min(Options.MaxEchoEndpoints, ushort.MaxValue)) return TcpError.InsufficientResources;
        ushort identifier;
        StackSecret secret = Secret;
        do identifier = (ushort)SipHash.Hash13(in secret, _echoChoices++, (ulong)HashDomain.EchoIdentifier);
        while (FindEcho(identifier) is not null);
        endpoint = new EchoEndpoint(this, identifier);
        _echoEndpoints.Add(endpoint);
        return TcpError.None;
    }

    internal void Close(EchoEndpoint endpoint) => _echoEndpoints.Remove(endpoint);

    internal void EnqueueSignalled(EchoEndpoint endpoint) => _signalledEchoes.Enqueue(endpoint);

    internal TcpError ChooseEchoSource(InternetAddress remote, InternetAddress? wanted, out InternetAddress source)
    {
        source = default;
        if (!IsUnicast(remote) || IsBroadcast(remote)) return TcpError.InvalidRemoteAddress;
        return TryChooseSource(remote, wanted, out source) ? TcpError.None : TcpError.InvalidLocalAddress;
    }

    internal bool QueueEchoRequest(byte[] packet)
    {
        if (_rawReplies.Count >= Options.MaxPendingReplies) return false;
        _rawReplies.Enqueue(packet);
        return true;
    }

    private void AnswerEcho(in IpHeader ip, ReadOnlySpan<byte> request, bool v6)
    {
        if (_rawReplies.Count >= Options.MaxPendingReplies || !_icmpReplies.TryTake(Now))
        {
            Counters.RepliesDropped++;
            return;
        }
        int headers = v6 ? IpHeader.Ipv6Length : IpHeader.Ipv4Length;
        byte[] packet = new byte[headers + request.Length];
        byte protocol = v6 ? IpProtocol.Icmpv6 : IpProtocol.Icmp;
        IpHeaderWriter.Write(packet, ip.Destination, ip.Source, protocol, request.Length, trafficClass: 0, timeToLive: 64, flowLabel: 0);
        IcmpWriter.WriteEchoReply(packet.AsSpan(headers), request, v6, ip.Destination, ip.Source);
        _rawReplies.Enqueue(packet);
    }

    private void EchoReplyArrives(in IpHeader ip, ReadOnlySpan<byte> reply)
    {
        ushort identifier = BinaryPrimitives.ReadUInt16BigEndian(reply[4..]);
        DropReason reason = FindEcho(identifier)?.ReplyArrives(in ip, reply) ?? DropReason.NoPort;
        if (reason is not DropReason.None) CountDrop(reason);
    }

    /// <summary>An ICMP error that quotes an echo request of ours.</summary>
    private bool IcmpErrorArrivesEcho(InternetAddress reporter, byte timeToLive, in IcmpMessage message)
    {
        if (FindEcho(message.QuotedTuple.LocalPort) is not { } endpoint) return false;
        Counters.IcmpErrors++;
        if (message.Kind is IcmpKind.SourceQuench) return true; // it says nothing that we heed (RFC 6633)
        if (message.Kind is IcmpKind.PacketTooBig) LearnPathMtu(message.QuotedTuple.RemoteAddress, message.Mtu);
        DropReason reason = endpoint.ErrorArrives(reporter, timeToLive, in message);
        if (reason is not DropReason.None) CountDrop(reason);
        return true;
    }

    private EchoEndpoint? FindEcho(ushort identifier)
    {
        foreach (EchoEndpoint endpoint in _echoEndpoints)
        {
            if (endpoint.Identifier == identifier) return endpoint;
        }
        return null;
    }
}
