using Synfin.Dhcp;
using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Dhcp;

/// <summary>One client, explicit time, and a server by hand.</summary>
internal sealed class DhcpTimeLine
{
    private static readonly InternetAddress Server = InternetAddress.Parse("10.0.0.1");

    public DhcpTimeLine(DhcpClientOptions? options = null, ulong seed = 1)
    {
        options ??= new DhcpClientOptions { HardwareAddress = DhcpReply.Mac };
        Client = new DhcpClient(options, new StackSecret(seed, 2), Timestamp.Zero);
    }

    public DhcpClient Client { get; }

    public Timestamp Now { get; private set; }

    public List<DhcpSent> Sent { get; } = [];

    /// <summary>A client that has a lease since the time zero.</summary>
    public static DhcpTimeLine Bound(uint seconds = 3_600, ulong seed = 1)
    {
        DhcpTimeLine line = new(seed: seed);
        line.RunTo(0);
        Assert.True(line.Receives(DhcpReply.Usual(DhcpMessageType.Offer, line.Sends(DhcpMessageType.Discover).TransactionId, seconds)));
        Assert.True(line.Receives(DhcpReply.Usual(DhcpMessageType.Ack, line.Sends(DhcpMessageType.Request).TransactionId, seconds)));
        Assert.Equal(DhcpState.Bound, line.Client.State);
        return line;
    }

    /// <summary>Lets time pass, and everything happen that is due until then.</summary>
    public void RunTo(double seconds)
    {
        Timestamp end = Timestamp.Zero + Duration.FromSeconds(seconds);
        for (int i = 0; Client.NextDeadline <= end; i++)
        {
            Assert.True(i < 100_000, "the client goes round in circles");
            Now = Timestamp.Max(Now, Client.NextDeadline);
            Client.OnTime(Now);
            Collect();
        }
        Now = end;
    }

    /// <summary>The only message since the last call.</summary>
    public DhcpSent Sends(DhcpMessageType type)
    {
        Collect();
        DhcpSent sent = Assert.Single(Sent);
        Sent.Clear();
        Assert.Equal(type, sent.Type);
        return sent;
    }

    public bool Receives(DhcpReply reply) => Receives(reply.ToOctets());

    public bool Receives(byte[] octets)
    {
        bool used = Client.Input(octets, Server, Now);
        Collect();
        return used;
    }

    public void Collect()
    {
        byte[] octets = new byte[DhcpClient.MaxMessageLength];
        while (Client.TryGetMessage(octets, out int length, out InternetAddress destination))
            Sent.Add(new DhcpSent(Now.Seconds, destination.ToString(), octets[..length]));
    }
}
