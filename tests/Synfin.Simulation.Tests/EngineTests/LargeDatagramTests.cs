using System.Net;
using System.Net.Sockets;
using Synfin.Sockets;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Simulation.Tests.EngineTests;

/// <summary>Datagrams and pings larger than a packet, over links that do to fragments what links do (RFC 791 3.2, RFC 8200 4.5).</summary>
public sealed class LargeDatagramTests : EngineTest
{
    private const ushort EchoPort = 7;

    /// <summary>From a to b: numbered datagrams of many sizes, 50 ms apart. Gives those that arrived, each as it was sent.</summary>
    private static List<int> Send(SimulatedNetwork net, int count)
    {
        List<int> arrived = [];
        UdpSocket receiver = net["b"].Tcp.BindUdp(null, EchoPort), sender = net["a"].Tcp.BindUdp(null, 0);
        Task receiving = net["b"].Run(async () =>
        {
            byte[] buffer = new byte[65_535];
            try
            {
                while (true)
                {
                    UdpReceived received = await receiver.ReceiveFromAsync(buffer);
                    int number = BitConverter.ToInt32(buffer);
                    Assert.Equal(Numbered(number), buffer[..received.Count]);
                    arrived.Add(number);
                }
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.OperationAborted)
            {
                // disposed: the end
            }
        });
        Task sending = net["a"].Run(async () =>
        {
            IPEndPoint to = new(IPAddress.Parse(net["b"].Address.ToString()), EchoPort);
            for (int i = 0; i < count; i++)
            {
                await sender.SendToAsync(Numbered(i), to);
                await Task.Delay(TimeSpan.FromMilliseconds(50), net.TimeProvider);
            }
            await Task.Delay(TimeSpan.FromSeconds(90), net.TimeProvider); // also what is not whole is forgotten by then
            sender.Dispose();
            receiver.Dispose();
        });
        net.RunUntilIdle();
        Assert.All([sending, receiving], task => Assert.True(task.IsCompletedSuccessfully, net.Describe()));
        Assert.Equal((0, 0), (net["b"].Stack.ReassemblyCount, net["b"].Stack.PagesInUse));
        return arrived;
    }

    private static byte[] Numbered(int number)
    {
        byte[] data = TextOf(4 + number * 997 % 20_000);
        BitConverter.TryWriteBytes(data, number);
        return data;
    }

    [Theory]
    [InlineData("10.1.0.1", "10.1.0.2")]
    [InlineData("fd00::a", "fd00::b")]
    public void What_is_reordered_and_doubled_arrives_whole(string a, string b)
    {
        SimulatedLinkOptions rough = TenMilliseconds with { Jitter = Duration.FromMilliseconds(2), Reorder = 0.2, Duplicate = 0.2 };
        SimulatedNetwork net = new(new SimulationOptions { Seed = 3 });
        SimulatedHost first = net.AddHost("a", addresses: InternetAddress.Parse(a));
        net.Connect(first, net.AddHost("b", addresses: InternetAddress.Parse(b)), rough);
        Assert.Equal(Enumerable.Range(0, 100), Send(net, 100).Distinct().Order());
    }

    [Fact]
    public void What_loses_a_fragment_is_lost_whole_and_what_is_damaged_reaches_nobody()
    {
        SimulatedNetwork net = SimulatedNetwork.TwoHosts(5, TenMilliseconds with { Loss = 0.03, Corrupt = 0.03, Reorder = 0.1 });
        List<int> arrived = Send(net, 200);
        Assert.InRange(arrived.Count, 80, 180); // 0.94 to the number of fragments, which is 1 to 14
        Assert.Equal(arrived.Distinct().Count(), arrived.Count);
        Assert.NotEqual(0, net["b"].Stack.Counters.Dropped[(int)Synfin.Stack.DropReason.ReassemblyTimeout]);
    }

    [Fact]
    [Trait("Rfc", "1191 6.3")]
    public void A_path_with_a_narrow_link_costs_one_datagram_and_then_all_fit()
    {
        SimulatedNetwork net = new();
        SimulatedHost a = net.AddHost("a"), b = net.AddHost("b");
        SimulatedSwitch between = net.AddSwitch("s");
        net.Connect(a, between, TenMilliseconds);
        net.Connect(between, b, TenMilliseconds with { Mtu = 1_000 });
        Assert.InRange(Send(net, 50).Count, 48, 49);
    }

    [Fact]
    public void A_ping_measures_the_round_trip_and_says_who_is_in_its_way()
    {
        SimulatedNetwork net = SimulatedNetwork.TwoHosts(1, TenMilliseconds);
        net.RunUntilComplete(net["a"].Run(async () =>
        {
            await using EchoSocket socket = net["a"].Tcp.OpenEcho();
            foreach (int size in (int[])[0, 56, 5_000, 65_507])
            {
                EchoResult result = await socket.PingAsync(net["b"].Address, size);
                Assert.Equal(new EchoResult(IcmpKind.EchoReply, net["b"].Address, TimeSpan.FromMilliseconds(20), 64, 0), result);
            }
        }));
    }
}
