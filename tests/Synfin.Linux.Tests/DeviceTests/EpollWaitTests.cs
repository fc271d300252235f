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

    [Fact]
    public void Waiting_takes_no_processor_time()
    {
        using FarEnd end = FarEnd.Create(queues: 4);
        end.Settle();
        using var wait = new EpollWait(end.Device.Queues);
        Timestamp start = MonotonicClock.Now();
        Timestamp deadline = start + Duration.FromMilliseconds(200);
        wait.Wait(start, start, forRoom: false);
        TimeSpan before = ThreadPrivileges.ProcessorTime();
        int waits = 0;
        for (Timestamp now = start; now < deadline; now = MonotonicClock.Now(), waits++) wait.Wait(now, deadline, forRoom: false);
        Assert.InRange(ThreadPrivileges.ProcessorTime() - before, TimeSpan.Zero, TimeSpan.FromMilliseconds(10));
        Assert.InRange(waits, 1, 20);
    }

    [Fact]
    public void Without_the_newer_system_call_deadlines_packets_and_wakes_end_waits_too()
    {
        using FarEnd end = FarEnd.Create();
        end.Settle();
        using var wait = new EpollWait(end.Device.Queues, preciseWait: false);
        Timestamp start = MonotonicClock.Now();
        Timestamp deadline = start + Duration.FromMilliseconds(20);
        Assert.Equal(Readiness.None, wait.Wait(start, deadline, forRoom: false));
        Assert.True(MonotonicClock.Now() >= deadline);
        wait.Wake();
        Assert.Equal(Readiness.Woken, wait.Wait(MonotonicClock.Now(), MonotonicClock.Now() + Duration.FromSeconds(20), forRoom: false));
        using Socket sender = end.Socket(SocketType.Dgram);
        sender.SendTo("hello"u8, end.OwnEndPoint);
        Assert.Equal(Readiness.Readable, wait.Wait(MonotonicClock.Now(), MonotonicClock.Now() + Duration.FromSeconds(20), forRoom: false));
    }

    [Fact]
    public async Task No_wake_of_many_threads_is_lost()
    {
        using NetworkNamespace kernel = Kernels.Create();
        using TunDevice device = kernel.Run(() => TunDevice.Open("synfin0"));
        using var wait = new EpollWait(device.Queues);
        const int Threads = 4;
        const int Each = 5_000;
        int posted = 0;
        Task[] threads = [.. Enumerable.Range(0, Threads).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < Each; i++)
            {
                Interlocked.Increment(ref posted);
                wait.Wake();
            }
        }, CancellationToken.None))];
        // Waits without limit: it ends only if each wake after the last look ends a wait.
        Task<int> owner = Task.Run(() =>
        {
            int waits = 0;
            for (; Volatile.Read(ref posted) < Threads * Each; waits++) wait.Wait(MonotonicClock.Now(), Timestamp.Never, forRoom: false);
            return waits;
        }, CancellationToken.None);
        await Task.WhenAll(threads).InTime(TimeSpan.FromSeconds(60));
        Assert.InRange(await owner.InTime(TimeSpan.FromSeconds(60)), 0, Threads * Each);
    }

    [Fact]
    public async Task A_device_that_is_deleted_ends_a_wait_without_limit()
    {
        using NetworkNamespace kernel = Kernels.Create();
        using TunDevice device = kernel.Run(() => TunDevice.Open(new TunDeviceOptions { Name = "synfin0", Queues = 2 }));
        using var wait = new EpollWait(device.Queues);
        Task<Readiness> waiting = Task.Run(() => wait.Wait(MonotonicClock.Now(), Timestamp.Never, forRoom: false), CancellationToken.None);
        kernel.Call("ip", "link", "delete", "synfin0");
        Assert.Equal(Readiness.Readable, await waiting.InTime());
        foreach (TunQueue queue in device.Queues)
            Assert.Contains("is gone", Assert.Throws<TunException>(() => queue.TryRead(out _, out _)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void After_its_end_it_cannot_wait()
    {
        using NetworkNamespace kernel = Kernels.Create();
        using TunDevice device = kernel.Run(() => TunDevice.Open("synfin0"));
        var wait = new EpollWait(device.Queues);
        wait.Dispose();
        Assert.Throws<ObjectDisposedException>(() => wait.Wait(MonotonicClock.Now(), Timestamp.Zero, forRoom: false));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EpollWait([]));
    }
}
