using System.Net;
using System.Net.Sockets;
using Synfin.Linux.Tests.Support;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Linux.Tests.DeviceTests;

[Trait("Needs", "tun")]
public sealed class MultiQueueTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(TunDevice.MaxQueues)]
    public void A_device_has_as_many_queues_as_were_asked_for(int queues)
    {
        using FarEnd end = FarEnd.Create(queues: queues);
        Assert.Equal(queues, end.Device.Queues.Count);
        string details = end.Execute("ip", "-d", "link", "show", "synfin0");
        Assert.Contains($"multi_queue numqueues {queues} ", details, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(TunDevice.MaxQueues + 1)]
    public void Another_number_of_queues_is_refused(int queues)
    {
        Requires.Tun();
        Assert.Throws<ArgumentOutOfRangeException>(() => TunDevice.Open(new TunDeviceOptions { Name = "synfin0", Queues = queues }));
    }

    [Fact]
    public void The_kernel_answers_a_flow_on_the_queue_that_wrote_for_it_before()
    {
        using FarEnd end = FarEnd.Create(queues: 4);
        for (int queue = 0; queue < 4; queue++)
        {
            ProvokeReset(end, queue);
            Queues.ReadUntil(end.Device, end.Is(IpProtocol.Tcp), out _, out _);
            ProvokeReset(end, queue);
            Queues.ReadUntil(end.Device, end.Is(IpProtocol.Tcp), out _, out int answered);
            Assert.Equal(queue, answered);
        }
    }

    [Fact]
    public void One_wait_watches_many_queues_and_says_which_is_ready()
    {
        using FarEnd end = FarEnd.Create(queues: 8);
        using var wait = new EpollWait(end.Device.Queues);
        end.Settle();
        for (int queue = 0; queue < 8; queue++)
        {
            ProvokeReset(end, queue);
            Queues.ReadUntil(end.Device, end.Is(IpProtocol.Tcp));
            ProvokeReset(end, queue);
            Readiness ready = wait.Wait(MonotonicClock.Now(), MonotonicClock.Now() + Duration.FromSeconds(20), forRoom: false);
            Assert.Equal(Readiness.Readable, ready);
            for (int other = 0; other < 8; other++)
                Assert.Equal(other == queue ? Readiness.Readable : Readiness.None, wait.ReadinessOf(other));
            Queues.ReadUntil(end.Device, end.Is(IpProtocol.Tcp));
        }
        Assert.Equal(Readiness.Writable, wait.Wait(MonotonicClock.Now(), Timestamp.Never, forRoom: true));
        for (int queue = 0; queue < 8; queue++) Assert.Equal(Readiness.Writable, wait.ReadinessOf(queue));
        Assert.Equal(Readiness.None, wait.Wait(MonotonicClock.Now(), Timestamp.Zero, forRoom: false));
        Assert.Equal(Readiness.None, wait.ReadinessOf(0));
    }

    [Fact]
    public void The_kernel_chooses_the_number_of_a_template_once_for_all_queues()
    {
        using NetworkNamespace kernel = Kernels.Create();
        using TunDevice device = kernel.Run(() => TunDevice.Open(new TunDeviceOptions { Name = "synfin%d", Queues = 3 }));
        Assert.Equal("synfin0", device.Name);
        Assert.DoesNotContain("synfin1", kernel.Call("ip", "link"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_vanishes_with_its_last_queue()
    {
        using NetworkNamespace kernel = Kernels.Create();
        using TunDevice device = kernel.Run(() => TunDevice.Open(new TunDeviceOptions { Name = "synfin0", Queues = 2 }));
        device.Queues[0].Dispose();
        Assert.Throws<ObjectDisposedException>(() => device.Queues[0].TryRead(out _, out _));
        Assert.False(device.Queues[1].TryRead(out _, out _));
        device.Queues[1].Dispose();
        Assert.DoesNotContain("synfin0", kernel.Call("ip", "link"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mode tun", 2, false, "made without multi_queue, which takes 1 queue and not 2")]
    [InlineData("mode tun multi_queue", 1, false, "made with multi_queue, which takes 2 queues or more")]
    [InlineData("mode tap", 1, false, "is a TAP device, not a TUN device")]
    [InlineData("mode tun", 1, true, "is a TUN device, not a TAP device")]
    public void A_device_that_was_made_otherwise_is_refused_with_the_commands_that_make_it_anew(
        string made, int queues, bool ethernet, string reason)
    {
        using NetworkNamespace kernel = Kernels.Create();
        kernel.Call("ip", ["tuntap", "add", "dev", "synfin0", .. made.Split(' ')]);
        var options = new TunDeviceOptions { Name = "synfin0", Queues = queues, Ethernet = ethernet };

        TunException failure = Assert.Throws<TunException>(() => kernel.Run(() => TunDevice.Open(options)));

        Assert.Equal(22, failure.ErrorNumber);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        string[] commands = failure.Message.Split('`')[1].Replace("sudo ", "", StringComparison.Ordinal).Split(" && ");
        foreach (string command in commands) kernel.Call("ip", command.Split(' ')[1..]);
        using TunDevice device = kernel.Run(() => TunDevice.Open(options));
        Assert.Equal(queues, device.Queues.Count);
    }

    /// <summary>
    /// Nobody listens: the kernel answers a SYN with a reset. It does so before the write returns, and only then notes the flow's queue:
    /// the answer to the first packet of a flow may come on any.
    /// </summary>
    private static void ProvokeReset(FarEnd end, int queue) =>
        end.SendTcp(1, 0, TcpFlags.Syn, queue: queue, port: (ushort)(5000 + queue));
}
