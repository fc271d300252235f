using System.Net;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;
using Synfin.Ip;
using Synfin.Linux.Interop;
using Synfin.Linux.Tests.Support;
using Synfin.Sockets;
using Synfin.Wire;
using Xunit;

namespace Synfin.Linux.Tests.DeviceTests;

/// <summary>Queues that somebody else opened.</summary>
[Trait("Needs", "tun")]
public sealed class HandedInTests
{
    private const ushort Usual = TunDriver.Tun | TunDriver.NoPacketInformation | TunDriver.VirtioHeader;

    [Fact]
    public void Queues_that_are_handed_in_are_a_device_with_its_name_kind_and_offloads()
    {
        using NetworkNamespace kernel = Kernels.Create();
        SafeFileHandle[] opened = [Open(kernel, Usual | TunDriver.MultiQueue), Open(kernel, Usual | TunDriver.MultiQueue)];

        using TunDevice device = kernel.Run(() => TunDevice.FromDescriptors(opened));

        Assert.Equal("synfin0", device.Name);
        Assert.False(device.IsEthernet);
        Assert.True(device.HasOffloads);
        Assert.Equal(2, device.Queues.Count);
        Assert.NotEqual(0, device.Index);
        device.Mtu = 9000;
        device.SetHostAddress(InternetAddress.FromIpv4(10, 9, 0, 1), 24);
        device.Up();
        Assert.Contains("mtu 9000", kernel.Call("ip", "link", "show", "up", "synfin0"), StringComparison.Ordinal);
        // They were opened to wait; a device does not.
        Assert.All(device.Queues, queue => Drain(queue));
    }

    [Fact]
    public void A_tap_device_without_offloads_is_recognized()
    {
        using NetworkNamespace kernel = Kernels.Create();
        SafeFileHandle opened = Open(kernel, TunDriver.Tap | TunDriver.NoPacketInformation);
        using TunDevice device = kernel.Run(() => TunDevice.FromDescriptors([opened]));
        Assert.True(device.IsEthernet);
        Assert.False(device.HasOffloads);
        Assert.Contains(
            string.Join(':', device.KernelAddress!.GetAddressBytes().Select(octet => octet.ToString("x2", null))),
            kernel.Call("ip", "link", "show", "synfin0"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_lives_on_queues_of_another_namespace()
    {
        using NetworkNamespace kernel = Kernels.Create();
        SafeFileHandle opened = Open(kernel, Usual);
        kernel.Call("ip", "address", "add", "10.9.0.1/24", "dev", "synfin0");
        kernel.Call("ip", "link", "set", "synfin0", "up");
        var options = new LinuxHostOptions
        {
            Device = "synfin0",
            Addresses = [AddressPrefix.Parse("10.9.0.2/24")],
            Descriptors = [opened],
        };
        await using LinuxHost host = LinuxHost.Open(options);
        using TcpListenerGroup listener = host.Sockets.Listen(new IPEndPoint(IPAddress.Any, 80));
        using Socket socket = kernel.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse("10.9.0.2"), 80), TestContext.Current.CancellationToken).AsTask().InTime();
        await listener.AcceptAsync(TestContext.Current.CancellationToken).AsTask().InTime();
    }

    [Fact]
    public void A_host_that_expects_another_kind_of_queues_says_so()
    {
        using NetworkNamespace kernel = Kernels.Create();
        var options = new LinuxHostOptions { Device = "synfin0", Ethernet = true, Descriptors = [Open(kernel, Usual)] };
        ArgumentException failure = Assert.Throws<ArgumentException>(() => LinuxHost.Open(options));
        Assert.Contains("synfin0 is a TUN device with 1 queue(s)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_of_another_namespace_carries_packets_and_is_set_up_there()
    {
        using NetworkNamespace kernel = Kernels.Create();
        SafeFileHandle opened = Open(kernel, Usual);
        kernel.Call("ip", "address", "add", "10.9.0.1/24", "dev", "synfin0");
        kernel.Call("ip", "link", "set", "synfin0", "up");

        using TunDevice device = TunDevice.FromDescriptors([opened]);

        Assert.Equal(0, device.Index);
        Assert.Equal(1500, device.Mtu);
        device.Mtu = 1400;
        Assert.Equal(1400, device.Mtu);
        using Socket sender = kernel.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        sender.SendTo("hello"u8, new System.Net.IPEndPoint(System.Net.IPAddress.Parse("10.9.0.2"), 4000));
        Assert.Equal("hello"u8.ToArray(), Queues.ReadUntil(device, TestPackets.IsUdp)[^5..]);
        TunException failure = Assert.Throws<TunException>(device.Up);
        const string Advice = "not in this network namespace; run `ip link set dev synfin0 up` where it is";
        Assert.Contains(Advice, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_of_the_same_name_here_is_not_taken_for_one_of_another_namespace()
    {
        using NetworkNamespace theirs = Kernels.Create();
        using NetworkNamespace ours = Kernels.Create();
        SafeFileHandle opened = Open(theirs, Usual);
        using TunDevice own = ours.Run(() => TunDevice.Open("synfin0"));
        using TunDevice device = ours.Run(() => TunDevice.FromDescriptors([opened]));
        Assert.Equal(0, device.Index);
    }

    [Fact]
    public void Another_file_is_no_queue_and_stays_the_callers()
    {
        Requires.Tun();
        using SafeFileHandle file = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite);
        TunException failure = Assert.Throws<TunException>(() => TunDevice.FromDescriptors([file]));
        Assert.Contains("descriptor 0 is no queue of a TUN or TAP device", failure.Message, StringComparison.Ordinal);
        Assert.False(file.IsClosed);
    }

    [Fact]
    public void A_queue_that_was_not_attached_is_refused()
    {
        Requires.Tun();
        using SafeFileHandle file = File.OpenHandle("/dev/net/tun", FileMode.Open, FileAccess.ReadWrite);
        TunException failure = Assert.Throws<TunException>(() => TunDevice.FromDescriptors([file]));
        Assert.Contains("attached with TUNSETIFF", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Queues_of_two_devices_are_not_one_device()
    {
        using NetworkNamespace kernel = Kernels.Create();
        using SafeFileHandle first = Open(kernel, Usual);
        using SafeFileHandle second = Open(kernel, Usual, "synfin1");
        TunException failure = Assert.Throws<TunException>(() => TunDevice.FromDescriptors([first, second]));
        Assert.Contains("descriptor 1 belongs to another device", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_queue_with_packet_information_is_refused()
    {
        using NetworkNamespace kernel = Kernels.Create();
        using SafeFileHandle opened = Open(kernel, TunDriver.Tun);
        TunException failure = Assert.Throws<TunException>(() => kernel.Run(() => TunDevice.FromDescriptors([opened])));
        Assert.Contains("without IFF_NO_PI", failure.Message, StringComparison.Ordinal);
    }

    private static void Drain(TunQueue queue)
    {
        while (queue.TryRead(out _, out _)) continue;
    }

    private static SafeFileHandle Open(NetworkNamespace kernel, int flags, string name = "synfin0") => kernel.Run(() =>
    {
        SafeFileHandle handle = File.OpenHandle("/dev/net/tun", FileMode.Open, FileAccess.ReadWrite);
        InterfaceRequest request = InterfaceRequest.For(name);
        request.Flags = (ushort)flags;
        Assert.Equal(0, TunDriver.Attach((int)handle.DangerousGetHandle(), ref request));
        return handle;
    });
}
