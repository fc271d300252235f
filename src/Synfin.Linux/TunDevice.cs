using System.Net.NetworkInformation;
using Microsoft.Win32.SafeHandles;
using Synfin.Ip;
using Synfin.Linux.Interop;
using Synfin.Wire;

namespace Synfin.Linux;

/// <summary>
/// A TUN device (IP packets) or TAP device (Ethernet frames): its queues carry the packets, and the rest sets it up. A device that did not
/// exist before vanishes, with its addresses and routes, when it is disposed of or the program ends, unless it was made persistent.
/// </summary>
public sealed class TunDevice : IDisposable
{
    /// <summary>The largest MTU of a TUN device, in octets.</summary>
    public const int MaxMtu = 65_535;

    /// <summary>The most queues (MAX_TAP_QUEUES of the kernel).</summary>
    public const int MaxQueues = 256;

    /// <summary>The most text in one super-segment, in octets: whatever the headers are, the IP packet stays within 65,535.</summary>
    public const int MaxSuperSegment = MaxMtu - IpHeader.Ipv6Length - TcpHeader.MaximumLength;

    /// <summary>The longest that a queue delivers: an IP packet, an Ethernet header and a VLAN's tag, in octets.</summary>
    internal const int MaxFrame = MaxMtu + PacketLayout.EthernetLength + 4;

    private const int MinMtu = 68;
    private const int DefaultMtu = 1500;

    // Belongs to the device's network namespace, so that the device can be set up from any thread. Null if that is another one.
    private readonly RouteNetlink? _netlink;
    private int _mtu;

    private TunDevice(string name, bool ethernet, RouteNetlink? netlink, LinkInformation? link)
    {
        Name = name;
        IsEthernet = ethernet;
        _netlink = netlink;
        Index = link?.Index ?? 0;
        _mtu = link?.Mtu ?? DefaultMtu;
    }

    /// <summary>The interface's name.</summary>
    public string Name { get; }

    /// <summary>Whether packets are Ethernet frames: a TAP device.</summary>
    public bool IsEthernet { get; }

    /// <summary>The interface's number, from 1; 0 for a device that was handed in and is in another network namespace.</summary>
    public int Index { get; }

    /// <summary>Each for one thread.</summary>
    public IReadOnlyList<TunQueue> Queues { get; private set; } = [];

    /// <summary>Whether checksums and the cutting of super-segments are left to the kernel, both ways.</summary>
    public bool HasOffloads { get; private set; }

    /// <summary>The link-layer address of the kernel's end of a TAP device; null for TUN.</summary>
    public PhysicalAddress? KernelAddress { get; private set; }

    /// <summary>
    /// The largest IP packet in octets, 68 to 65,535 (TAP: 65,521). A change that others make is not seen. Of a device in another network
    /// namespace it is what was set here, 1,500 at first.
    /// </summary>
    /// <exception cref="TunException">The change is not allowed.</exception>
    public int Mtu
    {
        get => _mtu;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, MinMtu);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, IsEthernet ? MaxMtu - PacketLayout.EthernetLength : MaxMtu);
            if (_netlink is not null && value != _mtu)
            {
                int error = _netlink.SetMtu(Index, value);
                if (error != 0) throw TunErrors.Configuring(Description, "the MTU", $"ip link set dev {Name} mtu {value}", error);
            }
            _mtu = value;
        }
    }

    private string Description => $"{TunErrors.Kind(IsEthernet)} device {Name}";

    /// <summary>Opens a TUN device with one queue and offloads, and makes it unless it is there.</summary>
    /// <param name="name">1 to 15 characters; "tun%d" lets the kernel choose the number.</param>
    /// <exception cref="TunException">The name is not valid, the device is in use, or the rights are missing.</exception>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    public static TunDevice Open(string name) => Open(new TunDeviceOptions { Name = name });

    /// <summary>Opens a device in the calling thread's network namespace, and makes it unless it is there.</summary>
    /// <exception cref="TunException">The name is not valid, the device is in use or of another kind, or rights are missing.</exception>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    public static TunDevice Open(TunDeviceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!OperatingSystem.IsLinux()) throw TunErrors.NotLinux();
        CheckName(options.Name);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Queues, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Queues, MaxQueues);

        var handles = new List<SafeFileHandle>();
        var netlink = new RouteNetlink();
        try
        {
            string name = options.Name;
            for (int i = 0; i < options.Queues; i++) handles.Add(Attach(options, ref name, netlink));
            if (options.Persistent && TunDriver.Persist(Descriptor(handles[0])) is int failure and not 0)
                throw TunErrors.System($"making TUN device {name} persistent", failure);
            int error = netlink.Find(name, out LinkInformation? link);
            if (error != 0) throw TunErrors.System($"asking for TUN device {name}", error);
            return new TunDevice(name, options.Ethernet, netlink, link).With(handles, options.Offloads);
        }
        catch
        {
            foreach (SafeFileHandle handle in handles) handle.Dispose();
            netlink.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Takes over the queues of a device that another program opened and handed in: a service manager, or a helper with the rights. How
    /// they were opened decides about the kind of device and the offloads; it must have been with IFF_NO_PI.
    /// </summary>
    /// <param name="descriptors">One for each queue. They are the device's from now on, and the caller's if this fails.</param>
    /// <exception cref="TunException">They are not queues of one TUN or TAP device.</exception>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    public static TunDevice FromDescriptors(IReadOnlyList<SafeFileHandle> descriptors)
    {
        ArgumentNullException.ThrowIfNull(descriptors);
        if (!OperatingSystem.IsLinux()) throw TunErrors.NotLinux();
        ArgumentOutOfRangeException.ThrowIfZero(descriptors.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(descriptors.Count, MaxQueues);

        (string name, int flags) = HandedInQueues.Check(descriptors);
        var netlink = new RouteNetlink();
        try
        {
            LinkInformation? link = HandedInQueues.FindHere(Descriptor(descriptors[0]), name, netlink);
            if (link is null) netlink.Dispose();
            bool ethernet = (flags & TunDriver.Tap) != 0;
            var device = new TunDevice(name, ethernet, link is null ? null : netlink, link);
            return device.With(descriptors, (flags & TunDriver.VirtioHeader) != 0);
        }
        catch
        {
            netlink.Dispose();
            throw;
        }
    }

    /// <summary>Gives the kernel's end of the device an address; its subnet is routed to the device.</summary>
    /// <exception cref="TunException">The rights are missing, and the address is not there already.</exception>
    public void SetHostAddress(InternetAddress address, int prefixLength)
    {
        AddressPrefix prefix = CheckPrefix(new(address, prefixLength));
        string byHand = $"ip address add {prefix} dev {Name}";
        if (_netlink is null) throw TunErrors.Elsewhere(Description, "the address", byHand);
        int error = _netlink.SetAddress(Index, prefix);
        if (error == 0 || error == Errno.Exists || _netlink.HasAddress(Index, address)) return;
        throw TunErrors.Configuring(Description, "the address", byHand, error);
    }

    /// <summary>Has the kernel send what goes to <paramref name="destination"/> into the device, which must be up.</summary>
    /// <param name="destination">Where to. A route of the kernel to the same destination is replaced.</param>
    /// <param name="via">A neighbour on the device that passes it on; null if the device leads there directly.</param>
    /// <exception cref="ArgumentException">The two are of different families.</exception>
    /// <exception cref="TunException">The rights are missing, the device is down, or the neighbour cannot be reached.</exception>
    public void AddHostRoute(AddressPrefix destination, InternetAddress? via = null)
    {
        CheckPrefix(destination);
        if (via is { } gateway && gateway.IsIpv4 != destination.Address.IsIpv4)
            throw new ArgumentException($"{gateway} is not of the family of {destination}", nameof(via));
        string byHand = $"ip route replace {destination.Network}{(via is null ? "" : $" via {via}")} dev {Name}";
        if (_netlink is null) throw TunErrors.Elsewhere(Description, "the route", byHand);
        int error = _netlink.SetRoute(Index, destination, via);
        if (error != 0) throw TunErrors.Configuring(Description, "the route", byHand, error);
    }

    /// <summary>Switches the interface on.</summary>
    /// <exception cref="TunException">The rights are missing, and it is not up already.</exception>
    public void Up()
    {
        string byHand = $"ip link set dev {Name} up";
        if (_netlink is null) throw TunErrors.Elsewhere(Description, "the state \"up\"", byHand);
        int error = _netlink.SetUp(Index);
        if (error == 0 || (_netlink.Find(Name, out LinkInformation? link) == 0 && link!.IsUp)) return;
        throw TunErrors.Configuring(Description, "the state \"up\"", byHand, error);
    }

    /// <summary>Closes the device and its queues. Nobody may use or poll them.</summary>
    public void Dispose()
    {
        foreach (TunQueue queue in Queues) queue.Dispose();
        _netlink?.Dispose();
    }

    /// <summary>Opens one queue. The first finds out the name that a template stands for.</summary>
    private static SafeFileHandle Attach(TunDeviceOptions options, ref string name, RouteNetlink netlink)
    {
        int descriptor = Libc.Open(TunErrors.DevicePath, Libc.ReadWrite | Libc.NonBlocking | Libc.CloseOnExec);
        if (descriptor < 0) throw TunErrors.OpeningPath(Libc.LastError);
        SafeFileHandle handle = Libc.Own(descriptor);
        int flags = (options.Ethernet ? TunDriver.Tap : TunDriver.Tun) | TunDriver.NoPacketInformation;
        if (options.Offloads) flags |= TunDriver.VirtioHeader;
        if (options.Queues > 1) flags |= TunDriver.MultiQueue;
        InterfaceRequest request = InterfaceRequest.For(name);
        request.Flags = (ushort)flags;
        int error = TunDriver.Attach(descriptor, ref request);
        if (error == 0)
        {
            name = request.Name;
            return handle;
        }
        handle.Dispose();
        _ = netlink.Find(name, out LinkInformation? existing);
        throw TunErrors.Attaching(options with { Name = name }, existing, error);
    }

    private TunDevice With(IReadOnlyList<SafeFileHandle> handles, bool offloads)
    {
        HasOffloads = offloads;
        var queues = new TunQueue[handles.Count];
        for (int i = 0; i < queues.Length; i++)
        {
            int descriptor = Descriptor(handles[i]);
            int virtioSize = 0;
            bool udp = false;
            if (offloads)
            {
                int error = TunDriver.HeaderSize(descriptor, out virtioSize);
                if (error == 0) error = TunDriver.Accept(descriptor, out udp);
                if (error != 0) throw TunErrors.System($"setting the offloads of TUN device {Name}", error);
                if (virtioSize is < VirtioNetHeader.Size or > VirtioNetHeader.MaxSize)
                    throw TunErrors.HandedIn(Name, $"with {virtioSize} octets before each packet: {VirtioNetHeader.Size} or 12 are usual");
            }
            queues[i] = new TunQueue(this, handles[i], virtioSize, udp);
        }
        if (IsEthernet) KernelAddress = ReadKernelAddress(queues[0].Descriptor);
        Queues = queues;
        return this;
    }

    private PhysicalAddress ReadKernelAddress(int descriptor)
    {
        byte[] address = new byte[InterfaceRequest.HardwareAddressSize];
        int error = TunDriver.HardwareAddress(descriptor, address);
        return error == 0 ? new PhysicalAddress(address) : throw TunErrors.System($"reading the address of TAP device {Name}", error);
    }

    private static int Descriptor(SafeFileHandle handle) => (int)handle.DangerousGetHandle();

    private static AddressPrefix CheckPrefix(AddressPrefix prefix)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(prefix.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(prefix.Length, prefix.Address.IsIpv4 ? 32 : 128);
        return prefix;
    }

    private static void CheckName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length == 0) throw TunErrors.Name(name, "it is empty");
        if (name.Length >= InterfaceRequest.NameSize)
            throw TunErrors.Name(name, $"it has {name.Length} characters, and the kernel takes {InterfaceRequest.NameSize - 1}");
        if (name is "." or ".." || name.AsSpan().ContainsAnyExceptInRange('!', '~') || name.AsSpan().ContainsAny('/', ':'))
            throw TunErrors.Name(name, "it may have letters, digits and signs, no space, \"/\" or \":\"");
        if (name.Replace("%d", "", StringComparison.Ordinal).Contains('%'))
            throw TunErrors.Name(name, "\"%\" only stands for the number that the kernel chooses, as in \"tun%d\"");
    }
}
