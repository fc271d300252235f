using System.Net;
using System.Net.Sockets;
using Synfin.Linux.Tests.Support;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Linux.Tests.DeviceTests;

[Trait("Needs", "tun")]
public sealed class EpollWaitTests
{
    [Fact]
    public void A_deadline_ends_the_wait_and_never_early()
    {
        using NetworkNamespace kernel = Kernels.Create();
        using TunDevice device = kernel.Run(() => TunDevice.Open("synfin0"));
        using var wait = new EpollWait(device.Queues);
        Timestamp start = MonotonicClock.Now();
        Timestamp deadline = start + Duration.FromMilliseconds(20);
        Assert.Equal(Readiness.None, wait.Wait(start, deadline, forRoom: false));
        Assert.True(MonotonicClock.Now() >= deadline);
    }

    [Fact]
    public void A_deadline_that_passed_does_not_wait()
    {
        using NetworkNamespace kernel = Kernels.Create();
        using TunDevice device = kernel.Run(() => TunDevice.Open("synfin0"));
        using var wait = new EpollWait(device.Queues);
        Timestamp now = MonotonicClock.Now();
        Assert.Equal(Readiness.None, wait.Wait(now, now - Duration.FromSeconds(1), forRoom: false));
    }

    [Fact]
    public async Task Another_thread_ends_a_wait_without_limit()
    {
        using NetworkNamespace kernel = Kernels.Create();
        using TunDevice device = kernel.Run(() => TunDevice.Open("synfin0"));
        using var wait = new EpollWait(device.Queues);
        Task<Readiness> waiting = Task.Run(() => wait.Wait(MonotonicClock.Now(), Timestamp.Never, forRoom: false), CancellationToken.None);
        wait.Wake();
        Assert.Equal(Readiness.Woken, await waiting.InTime());
    }

    [Fact]
    public void Many_wakes_before_a_wait_end_one_wait()
    {
        using NetworkNamespace kernel = Kernels.Create();
        using TunDevice device = kernel.Run(() => TunDevice.Open("synfin0"));
        using var wait = new EpollWait(device.Queues);
        for (int i = 0; i < 3; i++) wait.Wake();
        Assert.Equal(Readiness.Woken, wait.Wait(MonotonicClock.Now(), Timestamp.Zero, forRoom: false));
        Assert.Equal(Readiness.None, wait.Wait(MonotonicClock.Now(), Timestamp.Zero, forRoom: false));
        wait.Wake();
        Assert.Equal(Readiness.Woken, wait.Wait(MonotonicClock.Now(), Timestamp.Zero, forRoom: false));
    }

    [Fact]
    public void A_wake_after_the_end_does_nothing()
    {
        using NetworkNamespace kernel = Kernels.Create();
        using TunDevice device = kernel.Run(() => TunDevice.Open("synfin0"));
        var wait = new EpollWait(device.Queues);
        wait.Dispose();
        wait.Wake();
    }

    [Fact]
    public void A_packet_and_room_end_a_wait()
    {
        using NetworkNamespace kernel = Kernels.Create();
        using TunDevice device = kernel.Run(() => TunDevice.Open("synfin0"));
        kernel.Run(() => device.SetHostAddress(InternetAddress.FromIpv4(10, 9, 0, 1), 24));
        device.Up();
        using var wait = new EpollWait(device.Queues);
        using Socket sender = kernel.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        sender.SendTo("hello"u8, new IPEndPoint(IPAddress.Parse("10.9.0.2"), 4000));
        Assert.Equal(Readiness.Readable, wait.Wait(MonotonicClock.Now(), Timestamp.Never, forRoom: false));
        Assert.Equal(Readiness.Readable | Readiness.Writable, wait.Wait(MonotonicClock.Now(), Timestamp.Never, forRoom: true));
    }
}
